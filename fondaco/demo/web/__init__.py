"""The demo's own pages: the clock, and the simulators of the outside world."""
