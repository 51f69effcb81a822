"""Django's SQLite backend with a fair write lock inside the process."""
