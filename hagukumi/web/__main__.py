"""`python -m hagukumi.web --workspace DIR --port N`: the HTTP entrance as one process."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hagukumi.words.environment import environment_lang
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import find
from models.tables.errors import DatabaseError

HOST = "127.0.0.1"
SWITCH_SECONDS = 0.0005
MOST_AT_ONCE = 2_000
"""Open connections; more are answered 503."""


def main(arguments: list[str] | None = None) -> int:
    """Runs until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m hagukumi.web", description=__doc__)
    parser.add_argument("-w", "--workspace", type=Path, help="ワークスペースのフォルダ / its folder")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--host", default=HOST)
    asked = parser.parse_args(arguments)
    import uvicorn

    from hagukumi.web.app import create_app

    lang = environment_lang()
    try:
        app = create_app(find(asked.workspace))
    except NotDone as refusal:
        sys.stderr.write(refusal.say(lang) + "\n")
        return 1
    except DatabaseError as trouble:
        sys.stderr.write((trouble.en if lang == "en" else trouble.ja) + "\n")
        return 1
    # The thread that commits must get its turn while the other parses requests; Python's own 5 ms a turn add up.
    sys.setswitchinterval(SWITCH_SECONDS)
    uvicorn.run(
        app,
        host=asked.host,
        port=asked.port,
        access_log=False,
        log_level="warning",
        server_header=False,
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=5,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
