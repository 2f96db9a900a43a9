"""Values and rules of no API: text, ages, quantities, versions, filters."""
