"""The syntax of filters, for the help and the README."""

SYNTAX: tuple[tuple[str, str], ...] = (
    ("web running", "rows with both texts, in any case"),
    ("^web-.*-0$", "a regular expression, within a cell"),
    ("!web", "rows that don't match"),
    ("web|api", "one of them; between spaces, of all on either side"),
    ("status=Running|Error", "a column by name: one of these values; also !="),
    ("node~ip-10-0", "a column's text or regular expression"),
    ("restarts>3 age<1h", "amounts of columns; also >= and <="),
    ("app=web", "a label, where no column has that name"),
    ("-l app=web,x in (a,b),!old", "a label selector as kubectl has them"),
    ("-f wb7", "characters in their order"),
)
"""Each example and what it selects."""
