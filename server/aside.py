"""The child that makes reports (``server/web/aside.py``): ``python -m server.aside SOCKET``.

Reads the settings as one line of JSON from its standard input, answers on the socket, and ends when its
standard input does: when the server has ended, in whatever way.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
from pathlib import Path

from werkzeug.serving import make_server

from server.config import TalonSettings
from server.db.engine import connect
from server.db.store import Store
from server.web.app import create_web

_NICENESS = 5


def main() -> None:
    """Answer reports until the parent ends."""
    address = sys.argv[1]
    os.nice(_NICENESS)
    settings = TalonSettings.model_validate_json(sys.stdin.buffer.readline())
    web = create_web(settings, Store(connect(settings.database.url)), lambda: None, async_mode="threading")
    server = make_server(f"unix://{address}", 0, web.app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.buffer.read()
    shutil.rmtree(Path(address).parent, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main()
