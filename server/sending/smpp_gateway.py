"""SMS by SMPP 3.4: a line to an operator's SMS centre; long texts in parts, every part awaited."""

from __future__ import annotations

import contextlib
import logging
import struct
import time
import zlib
from typing import Any

from smpplib import consts, exceptions, smpp
from smpplib.client import Client

from server.sending.settings import SmppSettings
from server.sending.sms_parts import parts
from server.sending.ways import NotTaken, OutOfReach, Refused, Sms

ENQUIRE_SECONDS = 30
_PERMANENT = (
    consts.SMPP_ESME_RINVDSTADR,
    consts.SMPP_ESME_RINVDSTTON,
    consts.SMPP_ESME_RINVDSTNPI,
    consts.SMPP_ESME_RINVMSGLEN,
    consts.SMPP_ESME_RX_P_APPN,
)
_TOO_MANY = (consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL)
_FAULTS = (
    exceptions.ConnectionError,
    exceptions.PDUError,
    exceptions.UnknownCommandError,
    struct.error,
    OSError,
)

# At its finest level the library writes whole messages.
_LOG = "smpplib.client"
logging.getLogger(_LOG).setLevel(logging.ERROR)


class SmppGateway:
    """One line, bound at the first SMS and kept as long as the centre answers."""

    def __init__(self, settings: SmppSettings, password: str, timeout_seconds: float) -> None:
        self._settings = settings
        self._password = password
        self._timeout = timeout_seconds
        self._line: Any = None
        self._statuses: dict[int, int] = {}
        self._asked = 0.0

    def send(self, sms: Sms) -> None:
        """Hand an SMS to the centre, part by part; raises ``SendingFault``."""
        try:
            if self._line is None:
                self._bind()
            for part in _submissions(sms, self._settings.long_messages):
                status = self._submitted(sms.to, part)
                if status in _PERMANENT:
                    raise Refused(f"SMPP {status:#04x}")
                if status in _TOO_MANY:
                    raise OutOfReach(f"SMPP {status:#04x}: too many messages")
                if status != consts.SMPP_ESME_ROK:
                    raise NotTaken(f"SMPP {status:#04x}")
        except _FAULTS as fault:
            self.close()
            raise OutOfReach(_words(fault)) from None

    def rest(self) -> None:
        """Answer what the centre asks, and ask whether it is still there."""
        if self._line is None:
            return
        try:
            self._line.poll(auto_send_enquire_link=False)
            if time.monotonic() - self._asked > ENQUIRE_SECONDS:
                self._asked = time.monotonic()
                self._line.send_pdu(smpp.make_pdu("enquire_link", client=self._line))
                # Whatever comes shows that somebody is there; silence is an OSError.
                self._line.read_once(auto_send_enquire_link=False)
        except _FAULTS:
            self.close()

    def close(self) -> None:
        """Unbind, if anybody still listens, and let the line go."""
        line, self._line = self._line, None
        if line is not None:
            with contextlib.suppress(*_FAULTS):
                line.unbind()
            line.disconnect()

    def _bind(self) -> None:
        settings = self._settings
        line = Client(
            settings.host,
            settings.port,
            timeout=self._timeout,
            logger_name=_LOG,
            allow_unknown_opt_params=True,
        )
        # An answer with a fault is an answer: its status says the rest.
        line.set_error_pdu_handler(self._answered)
        line.set_message_sent_handler(self._answered)
        # Receipts are acknowledged; nobody reads them.
        line.set_message_received_handler(lambda pdu: consts.SMPP_ESME_ROK)
        try:
            line.connect()
            getattr(line, f"bind_{settings.bind}")(
                system_id=settings.system_id, password=self._password, system_type=settings.system_type
            )
        except BaseException:
            line.disconnect()
            raise
        self._line = line
        self._asked = time.monotonic()

    def _submitted(self, phone: str, part: dict[str, Any]) -> int:
        """Send one part and wait for the centre's word on it."""
        settings, line = self._settings, self._line
        sent = line.send_message(
            source_addr_ton=settings.sender_ton,
            source_addr_npi=settings.sender_npi,
            source_addr=settings.sender,
            dest_addr_ton=consts.SMPP_TON_INTL,
            dest_addr_npi=consts.SMPP_NPI_ISDN,
            destination_addr=phone.removeprefix("+"),
            data_coding=consts.SMPP_ENCODING_ISO10646,
            **part,
        )
        until = time.monotonic() + self._timeout
        self._statuses.clear()
        while sent.sequence not in self._statuses:
            if time.monotonic() > until:
                raise TimeoutError
            line.read_once(auto_send_enquire_link=False)
        return self._statuses[sent.sequence]

    def _answered(self, pdu: Any, **_more: Any) -> None:
        self._statuses[pdu.sequence] = pdu.status


def _words(fault: Exception) -> str:
    """What went wrong with the line: the centre's status, where it gave one, else the kind."""
    if isinstance(fault, exceptions.PDUError) and len(fault.args) > 1:
        return f"SMPP {fault.args[1]:#04x}"
    return type(fault).__name__


def _submissions(sms: Sms, long_messages: str) -> list[dict[str, Any]]:
    """What differs between the parts of an SMS. A repeat carries the same reference: a phone joins them."""
    texts = parts(sms.text)
    if len(texts) == 1:
        return [{"short_message": sms.text.encode("utf-16-be")}]
    reference = zlib.crc32(sms.id.encode())
    if long_messages == "sar":
        return [
            {
                "short_message": text.encode("utf-16-be"),
                "sar_msg_ref_num": reference & 0xFFFF,
                "sar_total_segments": len(texts),
                "sar_segment_seqnum": number,
            }
            for number, text in enumerate(texts, start=1)
        ]
    return [
        {
            # Six bytes of header: its length, "part of a text", three bytes, reference, of how many, which.
            "short_message": bytes([5, 0, 3, reference & 0xFF, len(texts), number])
            + text.encode("utf-16-be"),
            "esm_class": consts.SMPP_GSMFEAT_UDHI,
        }
        for number, text in enumerate(texts, start=1)
    ]
