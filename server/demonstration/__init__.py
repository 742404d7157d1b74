"""The demonstration: a company that says it is one, a year of its history, every program started."""
