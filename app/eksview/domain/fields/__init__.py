"""The fields of objects with their full values, for copying."""
