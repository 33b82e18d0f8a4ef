"""abm match: which rows of a list are one organisation."""

from __future__ import annotations

import codecs
import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hagukumi.cli.frame import Call

if TYPE_CHECKING:
    from abm.matching import Matched, Pair
    from hagukumi.channels.imports.organisations import Listed

SHOWN = 5
SURE = ("id_a", "id_b", "why")
DOUBTFUL = (*SURE, "name_a", "name_b")


def match(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV か Excel / CSV or Excel")],
    name: Annotated[str, typer.Option("--name", metavar="COL", help="名前の列 / column of names")],
    out: Annotated[Path, typer.Option("--out", metavar="PAIRS.csv", help="同じ組織の組 / pairs that are sure")],
    domain: Annotated[
        str | None, typer.Option("--domain", metavar="COL", help="Webやメールのドメインの列 / column of domains")
    ] = None,
    number: Annotated[
        str | None, typer.Option("--number", metavar="COL", help="法人番号の列 / column of corporate numbers")
    ] = None,
) -> None:
    """一覧の中の同じ組織を見つけます。迷うものは PAIRS.doubtful.csv へ / rows of a list that are one organisation."""
    from abm.matching import match as match_rows
    from hagukumi.channels.imports.organisations import read_organisations
    from hagukumi.channels.imports.problems import Refused
    from hagukumi.cli.problems import refuse_with

    doubtful = _doubtful(out, file)
    try:
        listed = read_organisations(file, {"name": name, "domain": domain, "number": number})
    except Refused as refused:
        refuse_with(call, refused.problems)
    found = match_rows(listed.rows)
    names = {row.id: row.name for row in listed.rows}
    _write(call, out, SURE, found.sure)
    _write(call, doubtful, DOUBTFUL, found.doubtful, names)
    if call.as_json:
        call.answer(_as_json(listed, found, out, doubtful))
    else:
        _show(call, listed, found, out, doubtful, names)


def _doubtful(out: Path, file: Path) -> Path:
    """Where the doubtful pairs go. Raises NotDone where writing would lose the list, or a file that is not ours."""
    from hagukumi.words.abm import refusal

    if not out.name or (out.exists() and not out.is_file()):
        raise refusal("abm-out-no-file", "" if not out.name else str(out))
    doubtful = out.with_name(f"{out.stem}.doubtful.csv")
    for path in (out, doubtful, _draft(out), _draft(doubtful)):
        if path.exists() and file.exists() and path.samefile(file):
            raise refusal("abm-out-is-input", str(path))
    for path in (out, doubtful):
        if path.exists() and not _is_ours(path):
            raise refusal("abm-out-taken", str(path))
    return doubtful


def _is_ours(path: Path) -> bool:
    """Whether a file is empty or one of an earlier matching."""
    with path.open("rb") as file:
        first = file.readline(200).removeprefix(codecs.BOM_UTF8)
    return first.decode("utf-8", "replace").rstrip() in ("", ",".join(SURE), ",".join(DOUBTFUL))


def _draft(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def _write(
    call: Call, path: Path, header: Sequence[str], pairs: Iterable[Pair], names: dict[str, str] | None = None
) -> None:
    """Writes a whole file or none. The doubtful ones carry their names: a person reads them in a spreadsheet."""
    from hagukumi.channels.imports.rejects import not_run
    from hagukumi.words.abm import refusal, why_matched

    draft = _draft(path)
    try:
        # Programs read the sure pairs and trip over a byte order mark; Excel needs one.
        with draft.open("w", encoding="utf-8-sig" if names else "utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            for pair in pairs:
                row = (pair.a, pair.b, why_matched(pair.why, call.lang))
                writer.writerow(map(not_run, (*row, names[pair.a], names[pair.b])) if names else row)
        os.replace(draft, path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise refusal("abm-not-written", str(path)) from None


def _as_json(listed: Listed, found: Matched, out: Path, doubtful: Path) -> dict[str, object]:
    return {
        "rows": len(listed.rows),
        "nameless": listed.nameless,
        "numbers_bad": found.numbers_bad,
        "columns": listed.columns,
        "unused": listed.unused,
        "sure": len(found.sure),
        "doubtful": len(found.doubtful),
        "files": {"sure": str(out), "doubtful": str(doubtful)},
    }


def _show(call: Call, listed: Listed, found: Matched, out: Path, doubtful: Path, names: dict[str, str]) -> None:
    from hagukumi.words.abm import COLUMNS, why_matched

    rows = f"{len(listed.rows):,}"
    ja, en = (
        ", ".join(f"{COLUMNS[role].say(lang)}={name}" for role, name in listed.columns.items()) for lang in ("ja", "en")
    )
    call.say(f"{rows}行を照合しました(使った列: {ja})。", f"{rows} rows compared (columns used: {en}).")
    if listed.unused:
        more = ", ".join(listed.unused)
        call.say(f"使わなかった列: {more}", f"Columns not used: {more}")
    for word, pairs in ((("同じ組織", "One organisation"), found.sure), (("要確認", "To be checked"), found.doubtful)):
        call.say(f"{word[0]}　{len(pairs):,}組", f"{word[1]}: {len(pairs):,} pairs")
        for pair in pairs[:SHOWN]:
            because = why_matched(pair.why, call.lang)
            line = f"  {names[pair.a]} = {names[pair.b]}  ({because})"
            call.say(line, line)
    if listed.nameless:
        bare = f"{listed.nameless:,}"
        call.say(f"名前のない行　{bare}行(除きました)", f"{bare} rows without a name left out")
    if found.numbers_bad:
        call.say(
            f"検査数字の合わない法人番号　{found.numbers_bad:,}件(名前も同じときだけ使います)",
            f"{found.numbers_bad:,} corporate numbers fail their check digit; used only where the names agree",
        )
    call.say(f"{out} と {doubtful} に書き出しました。", f"Written to {out} and {doubtful}.")
