"""Rating: what a pad's key press means, and the tablet page."""
