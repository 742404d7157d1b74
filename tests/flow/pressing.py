"""A process full of operators: each presses call-next, start, finish until nobody waits. Used by test_race.

Reads one JSON line of operators, says "ready", begins at the next line, and prints what happened as JSON.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

from tests.programs import Caller


def work_until_nobody_waits(operator: dict[str, str], begin: threading.Barrier, presses: list[Any]) -> None:
    """One operator's shift. Each press is kept as (desk, act, status, code or number, sent, answered)."""
    desk = operator["desk"]
    with Caller(operator["server"], operator["token"]) as caller:
        assert caller.get(f"desks/{desk}").status_code == 200  # the connection is open before the start
        begin.wait()
        while True:
            for act in ("call-next", "start", "finish"):
                sent = time.monotonic()
                answer = caller.post(f"desks/{desk}/{act}")
                body = answer.json()
                said = body["number"] if answer.status_code == 200 else body["code"]
                presses.append([desk, act, answer.status_code, said, sent, time.monotonic()])
                if answer.status_code != 200:
                    return


def main() -> None:
    """Run the operators given on standard input."""
    operators = json.loads(sys.stdin.readline())
    presses: list[Any] = []
    begin = threading.Barrier(len(operators) + 1)
    threads = [
        threading.Thread(target=work_until_nobody_waits, args=(operator, begin, presses))
        for operator in operators
    ]
    for thread in threads:
        thread.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    begin.wait()
    for thread in threads:
        thread.join()
    json.dump(presses, sys.stdout)


if __name__ == "__main__":
    main()
