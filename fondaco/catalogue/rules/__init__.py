"""Rules of the catalogue: facts in, decision out. Plain Python, no database, no clock."""
