"""The central server: the only owner of truth."""
