"""The console instead of a mail server and a gateway: says what would go out, and remembers it."""

from __future__ import annotations

import sys
from collections import deque

from server.domain.booking import masked_email, masked_phone
from server.sending.sms_parts import parts
from server.sending.ways import Mail, Sms

REMEMBERED = 100


class Console:
    """A way for mail and SMS that always works. Of the addressee it shows as little as our lists do."""

    def __init__(self) -> None:
        self.sent: deque[Mail | Sms] = deque(maxlen=REMEMBERED)

    def send(self, message: Mail | Sms) -> None:
        """Print a line and remember the message."""
        if isinstance(message, Mail):
            line = f"mail to {masked_email(message.to)}: {message.subject}"
        else:
            line = f"SMS to {masked_phone(message.to)}: {len(parts(message.text))} part(s)"
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        self.sent.append(message)

    def rest(self) -> None:
        """There is nothing to let go."""

    def close(self) -> None:
        """There is nothing to close."""
