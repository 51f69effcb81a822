"""Studio: imaging services from one click to the statement."""
