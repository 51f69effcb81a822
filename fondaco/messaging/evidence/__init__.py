"""What a handed-in photograph is, and the copies of it that may leave. Files and pixels; no database."""
