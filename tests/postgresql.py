"""A PostgreSQL of a test's own: started from Debian's binaries on a free port, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Self

import psycopg2

from tests.needs import need
from tests.programs import END_SECONDS, free_port, until


class PostgreSql:
    """A running database server; ``new_database`` gives an empty database's SQLAlchemy URL."""

    def __init__(self) -> None:
        initdb = Path(need("initdb"))
        # Not pytest's folder: that is for its owner alone, and PostgreSQL refuses to run as root.
        self._folder = Path(tempfile.mkdtemp(prefix="talon-postgresql-"))
        account = _unprivileged_account()
        self._as_whom: dict[str, Any] = {}
        if account is not None:
            self._as_whom = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            os.chown(self._folder, account.pw_uid, account.pw_gid)
        self._port = free_port()
        self._databases = 0
        data = self._folder / "data"
        self._run(
            str(initdb), "-D", str(data), "-U", "talon", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )
        self._log = self._folder / "log"
        # A test's data may be lost at a power cut.
        options = [
            f"port={self._port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
        ]
        command = [str(initdb.with_name("postgres")), "-D", str(data)]
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                [*command, *(part for option in options for part in ("-c", option))],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                **self._as_whom,
            )
        until(self._answers, "PostgreSQL answering")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        self._databases += 1
        name = f"talon{self._databases}"
        connection = self._connect()
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
        connection.close()
        return f"postgresql+psycopg2://talon@127.0.0.1:{self._port}/{name}"

    def close(self) -> None:
        """End the server at once, whoever is still connected, and remove its folder."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(END_SECONDS)
        shutil.rmtree(self._folder)

    def _answers(self) -> bool:
        code = self._process.poll()
        assert code is None, f"PostgreSQL ended with {code}:\n{self._log.read_text()}"
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def _connect(self) -> Any:
        return psycopg2.connect(host="127.0.0.1", port=self._port, user="talon", dbname="postgres")

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=60, cwd=self._folder, **self._as_whom
        )
        assert done.returncode == 0, f"{command[0]}:\n{done.stdout}{done.stderr}"


def _unprivileged_account() -> pwd.struct_passwd | None:
    """Whom to become when the tests run as root; ``None``: stay."""
    if os.geteuid() != 0:
        return None
    names = {account.pw_name: account for account in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]
