"""Contacts of visitors at rest: encrypted with the company's own key, compared by keyed hashes.

The secrets of webhooks lie in the same safe.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from binascii import Error as BadBase64
from dataclasses import asdict
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.domain.booking import Contact

KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = b"\x01"


class ContactSafe:
    """Seals and opens contacts. One key makes three: to encrypt, to compare, to sign challenges."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(_derived(key, b"seal"))
        self._compare = _derived(key, b"compare")
        self.signing_key = _derived(key, b"challenge")

    def seal(self, booking: str, contact: Contact) -> bytes:
        """Encrypt (AES-256-GCM). What is sealed for one booking cannot be put under another."""
        return self._seal(booking, json.dumps(asdict(contact), ensure_ascii=False))

    def open(self, booking: str, sealed: bytes) -> Contact:
        """Decrypt; raises ``WrongKey`` when it was sealed with another key or for another booking."""
        return Contact(**json.loads(self._open(booking, sealed)))

    def seal_secret(self, webhook: str, secret: str) -> bytes:
        """Encrypt what signs the messages of a webhook."""
        return self._seal(f"webhook:{webhook}", secret)

    def open_secret(self, webhook: str, sealed: bytes) -> str:
        """Decrypt it; raises ``WrongKey``."""
        return self._open(f"webhook:{webhook}", sealed)

    def keys(self, contact: Contact) -> list[str]:
        """Keyed hashes (HMAC-SHA-256) of phone and e-mail, to compare contacts without reading them."""
        said = [("phone", contact.phone), ("email", contact.email and contact.email.lower())]
        return [self._hash(kind, value) for kind, value in said if value]

    def tail_key(self, digits: str) -> str:
        """The keyed hash of the last four digits of a phone."""
        return self._hash("tail", digits)

    def _seal(self, owner: str, text: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, text.encode(), owner.encode())

    def _open(self, owner: str, sealed: bytes) -> str:
        nonce, text = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, text, owner.encode()).decode()
        except InvalidTag:
            raise WrongKey("this was sealed with another key: put the right key file back") from None

    def _hash(self, kind: str, value: str) -> str:
        return hmac.new(self._compare, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


class WrongKey(Exception):
    """The key file is not the one contacts were sealed with."""


def safe_from_file(path: Path) -> tuple[ContactSafe, bool]:
    """The safe of this installation, and whether its key was made just now.

    The file holds 32 bytes in base64, readable by the server alone (0600). Two processes that start
    together get one key. Raises ``ValueError`` with the cure when the file is not such a key.
    """
    try:
        return ContactSafe(_key(path)), False
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    made, name = tempfile.mkstemp(dir=path.parent, prefix=".contacts-")
    try:
        with os.fdopen(made, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link fails where another process was quicker: its key then holds.
        os.link(name, path)
    except FileExistsError:
        return ContactSafe(_key(path)), False
    finally:
        os.unlink(name)
    return ContactSafe(_key(path)), True


def _key(path: Path) -> bytes:
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except BadBase64:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(
            f"{path} is no key for contacts: put the right file back ({KEY_BYTES} bytes in base64)"
        )
    return key


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.new(key, b"talon contacts: " + purpose, hashlib.sha256).digest()
