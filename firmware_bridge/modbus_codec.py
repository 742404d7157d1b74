"""Modbus RTU requests and answers as bytes: the only file that knows pymodbus. Pure codec."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pymodbus.exceptions import ModbusException
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU, ModbusPDU
from pymodbus.pdu import bit_message as bits
from pymodbus.pdu import register_message as registers

Table = Literal["discrete", "coil", "input", "holding"]
_READS: Mapping[Table, type[ModbusPDU]] = {
    "coil": bits.ReadCoilsRequest,
    "discrete": bits.ReadDiscreteInputsRequest,
    "holding": registers.ReadHoldingRegistersRequest,
    "input": registers.ReadInputRegistersRequest,
}
_BITS = (bits.ReadCoilsRequest.function_code, bits.ReadDiscreteInputsRequest.function_code)
_EXCEPTION = 0x80
LONGEST = 256
"""Bytes of the longest frame."""


@dataclass(frozen=True)
class Read:
    """Read ``count`` bits or registers of ``table`` from ``first``."""

    table: Table
    first: int
    count: int


@dataclass(frozen=True)
class Write:
    """Write ``values`` into holding registers from ``first``; with ``coil`` one bit."""

    first: int
    values: tuple[int, ...]
    coil: bool = False


@dataclass(frozen=True)
class Answer:
    """What a device answered: the ``values`` read, or the number of an ``exception``."""

    values: tuple[int, ...] = ()
    exception: int = 0


class Exchange:
    """One request to ``unit`` and the search for its answer in what comes back."""

    def __init__(self, unit: int, asked: Read | Write) -> None:
        self._unit = unit
        self._asked = asked
        request = _request(unit, asked)
        self._function = request.function_code
        self.wire = FramerRTU(DecodePDU(False)).buildFrame(request)
        """The bytes of the request."""
        self._dropped = False
        self._came = b""

    @property
    def garbage(self) -> bool:
        """Whether bytes came that are no answer, asked when none came."""
        return self._dropped or bool(self._came)

    def feed(self, data: bytes) -> Answer | None:
        """Take the next bytes; the answer once it is whole. Any bytes are fine: it never raises."""
        self._came = (self._came + data)[-LONGEST:]
        if isinstance(self._asked, Read) and self._came.startswith(self.wire):
            # A half-duplex adapter that hears itself.
            self._came = self._came[len(self.wire) :]
        while len(self._came) >= FramerRTU.MIN_SIZE:
            try:
                used, pdu = FramerRTU(DecodePDU(False)).handleFrame(self._came, 0, 0)
            except (ModbusException, struct.error, IndexError, ValueError):
                used, pdu = len(self._came), None
            if pdu is not None and (answer := self._fitting(pdu)) is not None:
                return answer
            if not used:
                return None
            self._dropped = True
            self._came = self._came[used:]
        return None

    def _fitting(self, pdu: ModbusPDU) -> Answer | None:
        if pdu.dev_id != self._unit or pdu.function_code & ~_EXCEPTION != self._function:
            return None
        if pdu.function_code & _EXCEPTION:
            return Answer(exception=pdu.exception_code)
        if isinstance(self._asked, Write):
            return Answer()
        read = pdu.bits if self._function in _BITS else pdu.registers
        # Bits come in whole bytes, so there may be more of them than were asked for.
        if len(read) < self._asked.count:
            return None
        return Answer(tuple(int(value) for value in read[: self._asked.count]))


def _request(unit: int, asked: Read | Write) -> ModbusPDU:
    if isinstance(asked, Read):
        return _READS[asked.table](dev_id=unit, address=asked.first, count=asked.count)
    if asked.coil:
        return bits.WriteSingleCoilRequest(
            dev_id=unit, address=asked.first, bits=[bool(value) for value in asked.values]
        )
    return registers.WriteMultipleRegistersRequest(
        dev_id=unit, address=asked.first, registers=list(asked.values)
    )
