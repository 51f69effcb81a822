"""Django plumbing that every domain stands on: clock, task engine, files, databases, outgoing fetches."""
