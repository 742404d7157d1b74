"""Ways out of the house for messages: mail by SMTP, SMS by HTTP or SMPP, a console; and their texts."""
