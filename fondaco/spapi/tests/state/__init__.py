"""The published answers as state: loaded into the store by `loaders`, read back through the door, compared by `compare`."""
