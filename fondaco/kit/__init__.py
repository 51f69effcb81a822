"""Plain Python that every domain may use: no Django, no database, no clock of its own."""
