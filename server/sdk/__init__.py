"""What other programs may import of the server: messages, client, settings."""
