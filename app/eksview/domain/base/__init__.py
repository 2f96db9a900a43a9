"""Plain values and rules that know no API: text, ages, quantities, versions, filters."""
