"""The rules, pure: standard library only; time and randomness are arguments."""
