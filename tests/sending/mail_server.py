"""A real SMTP server of a test's own: takes mail, refuses it, is slow or asks for a password."""

from __future__ import annotations

import email
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server.sending.settings import MailSettings
from tests.programs import free_port

PASSWORD = "a password of the tests"


class MailServer:
    """As a context manager it listens; ``answers`` holds what the next mails are told instead of 250."""

    def __init__(self, certificate: Path | None = None, port: int | None = None) -> None:
        self.port = port or free_port()
        self.taken: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.refuse: dict[str, str] = {}
        self.answers: list[str] = []
        self.silent = threading.Event()
        self.connections = 0
        self._certificate = certificate
        self._controller: Controller | None = None

    def __enter__(self) -> Self:
        more: dict[str, Any] = {}
        if self._certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificate)
            more = {
                "tls_context": context,
                "authenticator": self._knows,
                "auth_required": True,
                "require_starttls": True,
            }
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=30, **more)
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if self._controller:
            self._controller.stop()

    def settings(self, **changes: Any) -> MailSettings:
        """Settings that send here."""
        plain = {"way": "smtp", "host": "127.0.0.1", "port": self.port, "security": "none"}
        return MailSettings.model_validate({**plain, "sender": "talon@queue.example", **changes})

    def of(self, index: int) -> EmailMessage:
        """The mail taken as the nth."""
        return self.taken[index]

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, name: str, answer: Any) -> Any:
        """Count those who come."""
        self.connections += 1
        session.host_name = name
        return answer

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take an addressee, or refuse as the test wants; with the address in the words, as servers do."""
        if address in self.refuse:
            return f"{self.refuse[address]} <{address}>: refused"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep a mail, unless the test has another answer ready."""
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(cast(EmailMessage, email.message_from_bytes(envelope.content, policy=default)))
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return "250 OK"

    def _knows(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


def a_certificate(path: Path) -> Path:
    """A certificate for this machine with its key, in one file that may also be trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    import ipaddress

    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(encoding))
    return path
