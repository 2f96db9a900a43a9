"""What detail screens say, as lines of styled words: pure, from rows and objects."""
