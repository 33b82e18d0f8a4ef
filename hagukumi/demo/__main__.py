"""`python -m hagukumi.demo [--lang ja|en] [-w DIR]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hagukumi.words.environment import environment_lang
from hagukumi.words.refusal import NotDone
from models.tables.errors import DatabaseError


def main(arguments: list[str] | None = None) -> int:
    """Runs the example and tells what happened; 1 when it could not be done."""
    parser = argparse.ArgumentParser(
        prog="python -m hagukumi.demo",
        description="見本の会社でひと通り動かし、結果を残します。 / Runs the example company and leaves it filled.",
    )
    parser.add_argument("--lang", choices=("ja", "en"), help="表示の言葉 / language")
    parser.add_argument(
        "-w", "--workspace", type=Path, metavar="DIR", help="仮想のワークスペース / a virtual workspace"
    )
    given = parser.parse_args(arguments)
    lang = given.lang or environment_lang()
    try:
        return _play(given.workspace, lang)
    except NotDone as refusal:
        print(refusal.say(lang), file=sys.stderr)
        return 1
    except DatabaseError as trouble:
        print(trouble.en if lang == "en" else trouble.ja, file=sys.stderr)
        return 1
    except OSError as trouble:
        ja = f"{trouble.filename} を使えません({trouble.strerror})。空き容量と権限をご確認ください。"
        en = f"Cannot use {trouble.filename} ({trouble.strerror}). Check the space left and the permissions."
        print(en if lang == "en" else ja, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted." if lang == "en" else "中断しました。もう一度 make demo で作り直せます。", file=sys.stderr)
        return 130


def _play(folder: Path | None, lang: str) -> int:
    from rich.console import Console

    from hagukumi.demo.report import Report
    from hagukumi.demo.run import play
    from hagukumi.workspace import CHECKOUT, open_folder

    console = Console(highlight=False, emoji=False, markup=False)
    report = Report(console, lang)
    workspace = open_folder((folder or CHECKOUT).resolve())
    with report.progress() as told:
        played = play(workspace, told)
    report.tell(played)
    return 0


if __name__ == "__main__":
    sys.exit(main())
