"""Mail by SMTP: one connection for all that is waiting, the same Message-ID when a mail goes again."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import formatdate

from server.sending.settings import MailSettings
from server.sending.ways import Mail, NotTaken, OutOfReach, Refused

_TOO_LARGE = 552


class SmtpMail:
    """Sends through one mail server. A connection lives as long as mails are waiting."""

    def __init__(self, settings: MailSettings, password: str) -> None:
        self._settings = settings
        self._password = password
        self._line: smtplib.SMTP | None = None

    def send(self, mail: Mail) -> None:
        """Hand a mail to the server; raises ``SendingFault``."""
        letter = built(mail, self._settings.sender, self._settings.sender_name)
        try:
            line = self._connected()
            line.send_message(letter, self._settings.sender, [str(letter["To"].addresses[0].addr_spec)])
        except smtplib.SMTPRecipientsRefused as fault:
            code = next(iter(fault.recipients.values()))[0]
            raise _told(code) from None
        except smtplib.SMTPSenderRefused as fault:
            # What the server has against us it has against every mail, but for the size of this one.
            if fault.smtp_code == _TOO_LARGE:
                raise _told(fault.smtp_code) from None
            raise self._lost(f"the sender was refused: SMTP {fault.smtp_code}") from None
        except smtplib.SMTPDataError as fault:
            raise _told(fault.smtp_code) from None
        except smtplib.SMTPNotSupportedError:
            raise Refused("the mail server takes no such address (SMTPUTF8)") from None
        except smtplib.SMTPResponseException as fault:
            raise self._lost(f"SMTP {fault.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as fault:
            raise self._lost(type(fault).__name__) from None

    def rest(self) -> None:
        """Let the connection go: servers dislike idle ones."""
        self.close()

    def close(self) -> None:
        """Say goodbye, if anybody still listens."""
        if self._line is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._line.quit()
            self._line.close()
            self._line = None

    def _connected(self) -> smtplib.SMTP:
        if self._line is not None and not self._still_there(self._line):
            self._line.close()
            self._line = None
        if self._line is None:
            try:
                self._line = self._opened()
            except smtplib.SMTPNotSupportedError:
                # Not this mail's fault: the server lacks STARTTLS or a sign-in.
                raise OutOfReach("the mail server offers no STARTTLS or no sign-in: see [mail]") from None
        return self._line

    def _opened(self) -> smtplib.SMTP:
        settings = self._settings
        # Our name without asking the name service, which may be what is down.
        where = (settings.host, settings.port, socket.gethostname())
        timeout = settings.timeout_seconds
        line: smtplib.SMTP
        if settings.security == "tls":
            line = smtplib.SMTP_SSL(*where, timeout=timeout, context=self._trust())
        else:
            line = smtplib.SMTP(*where, timeout=timeout)
        try:
            if settings.security == "starttls":
                line.starttls(context=self._trust())
            if settings.user:
                line.login(settings.user, self._password)
        except BaseException:
            line.close()
            raise
        return line

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._settings.ca_file)

    def _still_there(self, line: smtplib.SMTP) -> bool:
        try:
            return bool(line.noop()[0] == 250)
        except (smtplib.SMTPException, OSError):
            return False

    def _lost(self, fault: str) -> OutOfReach:
        if self._line is not None:
            self._line.close()
            self._line = None
        return OutOfReach(fault)


def built(mail: Mail, sender: str, sender_name: str) -> EmailMessage:
    """The mail as it goes over the line. Raises ``Refused`` when its address cannot be written."""
    name, _, domain = mail.to.rpartition("@")
    try:
        domain = domain.encode("idna").decode()
        letter = EmailMessage(policy=SMTP if name.isascii() else SMTPUTF8)
        letter["From"] = Address(sender_name, addr_spec=sender)
        letter["To"] = Address(username=name, domain=domain)
    except (ValueError, IndexError):
        raise Refused("the address cannot be written in a mail") from None
    letter["Subject"] = " ".join(mail.subject.split())
    letter["Date"] = formatdate()
    letter["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    # So that absence notices do not answer us (RFC 3834).
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(mail.text)
    if mail.html:
        letter.add_alternative(mail.html, subtype="html")
    letter["Content-Language"] = mail.language
    for file in mail.attachments:
        kind, *told = file.kind.split("; ")
        main, _, sub = kind.partition("/")
        params = dict(param.split("=", 1) for param in told)
        letter.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name, params=params)
    return letter


def _told(code: int) -> Refused | NotTaken:
    """What a reply to this one mail means: 5xx is for good, 4xx for now."""
    return Refused(f"SMTP {code}") if 500 <= code < 600 else NotTaken(f"SMTP {code}")
