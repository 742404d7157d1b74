"""A check against robots that needs no outside service: the browser searches a number (as ALTCHA does).

The server makes up a challenge, SHA-256(salt + number), signs it and forgets it. Whoever sends the number
has worked for it. The salt carries when the challenge ends; each one is good for one hold.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from server.domain.errors import Invalid
from server.domain.ids import Randomness
from server.sdk.booking_messages import Challenge

LARGEST_NUMBER = 50_000
"""Some tenths of a second of a phone's work on average."""
GOOD_FOR = timedelta(minutes=20)


def challenge(key: bytes, now: datetime, randomness: Randomness) -> Challenge:
    """A new challenge, good for twenty minutes."""
    expires = int((now + GOOD_FOR).timestamp())
    salt = f"{randomness(12).hex()}?expires={expires}"
    number = int.from_bytes(randomness(8), "big") % (LARGEST_NUMBER + 1)
    made = _digest(salt, number)
    return Challenge(challenge=made, salt=salt, signature=_signature(key, made), maxnumber=LARGEST_NUMBER)


def solved(key: bytes, proof: str, now: datetime) -> tuple[str, datetime]:
    """The challenge that ``proof`` solves and when it ends; raises ``Invalid`` ``proof_wrong``."""
    try:
        told: Any = json.loads(base64.b64decode(proof, validate=True))
        salt, number, made = str(told["salt"]), int(told["number"]), str(told["challenge"])
        signature = str(told["signature"])
        expires = datetime.fromtimestamp(int(parse_qs(salt.partition("?")[2])["expires"][0]), UTC)
        right = hmac.compare_digest(_digest(salt, number).encode(), made.encode())
        ours = hmac.compare_digest(_signature(key, made).encode(), signature.encode())
    except (ValueError, KeyError, TypeError, OverflowError, OSError, RecursionError):
        raise Invalid("proof_wrong") from None
    if not (right and ours) or expires <= now:
        raise Invalid("proof_wrong")
    return made, expires


def _digest(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()


def _signature(key: bytes, made: str) -> str:
    return hmac.new(key, made.encode(), hashlib.sha256).hexdigest()
