"""The hall display program: board page and voice."""
