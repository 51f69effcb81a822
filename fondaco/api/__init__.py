"""The native API's shell: authentication, limits, paging, error bodies."""
