"""One POST to a receiver: to an address that was checked, no redirects, and an end after some seconds.

Not a client of the library: those look a name up again when they connect, and wait as long as a receiver
says a letter now and then.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Mapping
from functools import cache
from urllib.parse import SplitResult, urlsplit

from server.domain.webhook import may_be_reached

LONGEST_HEAD = 65_536


class NotTaken(Exception):
    """The receiver did not take it, or could not be reached; the text says why."""


def post(url: str, headers: Mapping[str, str], body: bytes, *, allow_private: bool, seconds: float) -> None:
    """POST; returns when the receiver answered with 2xx, raises ``NotTaken`` otherwise."""
    deadline = time.monotonic() + seconds
    parts = urlsplit(url)
    try:
        with _line(parts, allow_private, deadline) as line:
            line.sendall(_request(parts, headers, body))
            status = _status(line, deadline)
    except TimeoutError:
        raise NotTaken(f"no answer in {seconds:g} s") from None
    except (OSError, UnicodeError) as error:
        # A name of impossible letters is a UnicodeError.
        raise NotTaken(f"cannot be reached: {getattr(error, 'strerror', None) or error}") from None
    if not 200 <= status < 300:
        raise NotTaken(f"answered {status}")


def _line(parts: SplitResult, allow_private: bool, deadline: float) -> socket.socket:
    """A line to the first of the name's addresses that answers; all of them must be allowed."""
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [(str(where[4][0]), int(where[4][1])) for where in found]
    for address, _port in addresses:
        if not may_be_reached(address, allow_private):
            raise NotTaken(f"{address} is of a private network: see [webhooks] allow_private")
    line = _connected(addresses, deadline)
    if parts.scheme != "https":
        return line
    try:
        return _trust().wrap_socket(line, server_hostname=host)
    except BaseException:
        line.close()
        raise


def _connected(addresses: list[tuple[str, int]], deadline: float) -> socket.socket:
    fault: OSError = OSError("the name has no address")
    for address in addresses:
        try:
            return socket.create_connection(address, _left(deadline))
        except OSError as error:
            fault = error
    raise fault


def _request(parts: SplitResult, headers: Mapping[str, str], body: bytes) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.netloc
    told = {**headers, "Host": host, "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + body


def _status(line: socket.socket, deadline: float) -> int:
    """The status of the answer, once its whole head is here: then the receiver has done its work."""
    head = b""
    while b"\r\n\r\n" not in head and len(head) < LONGEST_HEAD:
        line.settimeout(_left(deadline))
        part = line.recv(4096)
        if not part:
            break
        head += part
    version, _, rest = head.partition(b" ")
    if not version.startswith(b"HTTP/1.") or not rest[:3].isdigit():
        raise NotTaken("answered no HTTP")
    return int(rest[:3])


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
