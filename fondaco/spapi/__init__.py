"""The Selling Partner API door: published paths, shapes, limits and errors, answered by the operations of the pages."""
