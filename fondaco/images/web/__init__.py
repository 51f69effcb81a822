"""The door at which renditions are served. Originals have none."""
