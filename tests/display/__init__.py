"""The hall display: wording, speech, the program and its page."""
