"""The operator's view of the installation: what waits, what was put aside, what is wrong."""
