"""pymodbus's own RTU server as panels and indicators of a line, on a pair of pseudo-terminals."""

from __future__ import annotations

import asyncio
import os
import select
import threading
import tty
from collections.abc import Coroutine, Sequence
from typing import Any

from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

from tests.programs import until

REGISTERS = 32
"""Each device has so many; bit 0 of register n is also coil and discrete input 16·n."""
READ_COILS, READ_REGISTERS, WRITE_REGISTERS = 1, 3, 16


class ModbusPanels:
    """``path`` is the bridge's end of the line; ``units`` answer at its other end until ``stop``."""

    def __init__(self, units: Sequence[int], baud: int) -> None:
        self._units = units
        self._ours, self._bridges_end = os.openpty()
        self._servers, self._servers_end = os.openpty()
        for end in (self._bridges_end, self._servers_end):
            tty.setraw(end)
        self.path = os.ttyname(self._bridges_end)
        self._baud = baud
        self._loop = asyncio.new_event_loop()
        self._server: ModbusSerialServer | None = None
        self._stopping, self._bell = os.pipe()
        self._threads = [threading.Thread(target=self._serve), threading.Thread(target=self._carry)]
        for thread in self._threads:
            thread.start()
        until(lambda: self._server is not None and self._server.transport is not None, "the Modbus server")

    def put(self, unit: int, first: int, *values: int) -> None:
        """The device's own registers change, as when a key is pressed."""
        self._do(self._context.async_setValues(unit, WRITE_REGISTERS, first, list(values)))

    def get(self, unit: int, register: int) -> int:
        """What a register of a device holds."""
        return int(self._do(self._context.async_getValues(unit, READ_REGISTERS, register, 1))[0])

    def coil(self, unit: int, coil: int) -> bool:
        """Whether a coil of a device is set."""
        return bool(self._do(self._context.async_getValues(unit, READ_COILS, coil, 1))[0])

    def stop(self) -> None:
        """End the server and take the line away."""
        os.write(self._bell, b"!")
        assert self._server is not None
        self._do(self._server.shutdown())
        for thread in self._threads:
            thread.join(10)
        ends = (self._ours, self._bridges_end, self._servers, self._servers_end, self._stopping, self._bell)
        for end in ends:
            os.close(end)

    @property
    def _context(self) -> Any:
        assert self._server is not None
        return self._server.context

    def _do(self, act: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(10)

    def _serve(self) -> None:
        async def run() -> None:
            block = SimData(0, count=REGISTERS, values=0, datatype=DataType.REGISTERS)
            devices = [SimDevice(unit, simdata=[block], use_bit_addressing=True) for unit in self._units]
            self._server = ModbusSerialServer(
                devices, port=os.ttyname(self._servers_end), baudrate=self._baud, ignore_missing_devices=True
            )
            await self._server.serve_forever()

        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(run())
        self._loop.close()

    def _carry(self) -> None:
        while True:
            ready, _, _ = select.select([self._ours, self._servers, self._stopping], [], [])
            if self._stopping in ready:
                return
            for end, other in ((self._ours, self._servers), (self._servers, self._ours)):
                if end in ready:
                    os.write(other, os.read(end, 1024))
