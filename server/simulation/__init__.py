"""Simulated days: people come, are called by the real rules, served or missed; time passes at once."""
