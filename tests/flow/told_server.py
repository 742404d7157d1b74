"""talon-server that makes no state anew by the clock alone: what its screens hear, it was told of.

``python -m tests.flow.told_server`` takes what ``talon-server`` takes.
"""

from __future__ import annotations

import sys

from server import __main__ as program

NEVER_SECONDS = 3600


def main() -> int:
    """Run the server with its refresh put off for longer than any test takes."""
    serve = program.serve

    def serve_what_is_told(settings: object) -> int:
        # Not sooner: the program patches sockets and threads before anything may import them.
        from server.web import push

        push.REFRESH_SECONDS = NEVER_SECONDS
        return serve(settings)

    program.serve = serve_what_is_told
    return program.main()


if __name__ == "__main__":
    sys.exit(main())
