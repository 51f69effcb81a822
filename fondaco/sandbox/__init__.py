"""A store for integrators' tests: one command, a fixed clock, seed and ids, and an API that moves the world around it."""
