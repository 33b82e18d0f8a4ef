"""Changes the pure core a little, thousands of times, and counts which changes no test notices: docs/mutation.md.

`python tools/mutation.py` does all; with a pattern such as 'hagukumi.letters.ledger*' only those, and writes no page.
What the page says about a survivor after the dash is written by hand and kept as long as the survivor lives.
"""

import difflib
import fnmatch
import json
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from mutmut.mutation.data import MutantLineSpans
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import mangled_name_from_mutant_name, orig_function_and_class_names_from_key

PAGE = Path("docs/mutation.md")
LEAST = 90.0
GROUPS = {
    "core and steps": ("hagukumi/journeys/core/", "hagukumi/journeys/steps/"),
    "guards, ledger and planner": ("hagukumi/letters/",),
}
KILLED = frozenset({"killed", "timeout"})
UNEXPLAINED = "**nobody has looked at it yet**"
HEAD = """# What the tests notice / テストの強さ

`make mutation` changes the pure core a little, {total:,} times, and runs the tests that touch each change.
Last run: {day}, {percent:.1f} % noticed. Below {least:.0f} % in a part the command fails.
`make mutation ONLY='hagukumi.letters.ledger*'` tries a part. A full run writes this page anew and keeps the reasons
after the dashes. "Equivalent" is a change that changes nothing anybody could see.

`make mutation` は、判断を行う中心部のコードを{total:,}通りに少しずつ書き換え、それぞれ関係するテストを実行します。
最終実行は{day}、検出率は{percent:.1f} %でした。いずれかの部分で{least:.0f} %を下回ると、コマンドは失敗します。
全体を実行するとこのページが書き直され、ダッシュの後の理由はそのまま残ります。
equivalent は、見える違いを生まない書き換えです。

Files / 対象: `[tool.mutmut]` in pyproject.toml.
"""


class Mutant(NamedTuple):
    """One change: its name, the file it is in, and whether a test noticed."""

    name: str
    file: str
    killed: bool


def mutants() -> list[Mutant]:
    """All changes that were tried, by file and name."""
    found = []
    for meta in sorted(Path("mutants").rglob("*.py.meta")):
        file = str(meta.relative_to("mutants")).removesuffix(".meta")
        for name, code in json.loads(meta.read_text("utf-8"))["exit_code_by_key"].items():
            if code is not None:
                found.append(Mutant(name, file, status_by_exit_code[code] in KILLED))
    return found


def described(mutant: Mutant) -> str:
    """Where it is and what was changed, as one line of the page."""
    spans = MutantLineSpans.load(mutant.file)
    assert spans is not None, f"mutants/{mutant.file}.spans cannot be read; run 'make mutation' again"
    own = mutant.name.rpartition(".")[-1]
    original = mangled_name_from_mutant_name(own) + "__mutmut_orig"
    function, cls = orig_function_and_class_names_from_key(mutant.name)
    before, after = (
        source.replace(name, function).splitlines()
        for name, source in zip((original, own), spans.read_function_sources([original, own]), strict=True)
    )
    changes = list(difflib.ndiff(before, after))
    old, new = (" ".join(line[2:].strip() for line in changes if line.startswith(sign)) for sign in ("- ", "+ "))
    where = f"{cls}.{function}" if cls else function
    return f"- {where}: `{old}` → `{new}`"


def explained() -> dict[str, str]:
    """What the page says about each survivor so far."""
    if not PAGE.exists():
        return {}
    lines = (line.rpartition(" — ") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("- "))
    return {line: why for line, _, why in lines}


def told(tried: list[Mutant]) -> list[str]:
    """One summary line for each group, with survivors below it, by file."""
    reasons, lines = explained(), []
    for title, folders in GROUPS.items():
        group = [mutant for mutant in tried if mutant.file.startswith(folders)]
        if not group:
            continue
        lines += [f"## {title}: {_summary(group)}", ""]
        for file in sorted({mutant.file for mutant in group if not mutant.killed}):
            survivors = [described(mutant) for mutant in group if mutant.file == file and not mutant.killed]
            lines += [f"{file}", "", *(f"{line} — {reasons.get(line, UNEXPLAINED)}" for line in survivors), ""]
    return lines


def percent(tried: list[Mutant]) -> float:
    """Noticed changes in a hundred."""
    return 100 * sum(mutant.killed for mutant in tried) / len(tried)


def _summary(tried: list[Mutant]) -> str:
    killed = sum(mutant.killed for mutant in tried)
    return f"{killed} killed, {len(tried) - killed} survived, {percent(tried):.1f} %"


def _is_enough(tried: list[Mutant]) -> bool:
    groups = ([one for one in tried if one.file.startswith(folders)] for folders in GROUPS.values())
    return all(percent(group) >= LEAST for group in groups if group)


def main(patterns: list[str]) -> int:
    """Runs mutmut and says what came of it; 1 when it could not run or too little was noticed."""
    if not patterns:
        # What an earlier run found was found by the tests of that day.
        shutil.rmtree("mutants", ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "mutmut", "run", *patterns], check=False).returncode != 0:
        return 1
    tried = [one for one in mutants() if not patterns or _is_asked_for(one, patterns)]
    lines = told(tried)
    print("\n".join(lines))
    if not patterns:
        head = HEAD.format(
            total=len(tried), day=f"{datetime.now().astimezone():%Y-%m-%d}", percent=percent(tried), least=LEAST
        )
        PAGE.write_text("\n".join([head, *lines]).rstrip() + "\n", "utf-8")
    print(f"mutation: {_summary(tried)}")
    return 0 if _is_enough(tried) else 1


def _is_asked_for(mutant: Mutant, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatch(mutant.name, pattern) for pattern in patterns)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
