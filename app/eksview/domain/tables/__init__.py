"""The columns of every table: header, cell, sort key and width."""
