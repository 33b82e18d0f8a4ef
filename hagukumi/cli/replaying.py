"""score replay: opens and clicks of the past, judged by the rule of today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.frame import Call
from hagukumi.words.names import MACHINES, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hagukumi.journeys.shell.replay import Replayed

_MOST = 10
"""Scores shown one by one; the others are counted."""


def replay(
    call: Call,
    since: Annotated[
        str | None, typer.Option("--since", metavar="T", help="この日時から(省略するとすべて) / from then on")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="試すだけで、何も残しません / try it, keep nothing")
    ] = False,
) -> None:
    """過去の開封・クリックの機械の印を、いまの決まりで付け直します / mark machines of the past by today's rule."""
    from hagukumi import steering
    from hagukumi.cli.running import instant_of

    begins = instant_of(call, since) if since is not None else None
    done = steering.replay_marks(call.wired, begins, dry=dry_run)
    if call.as_json:
        call.answer(_report(done) | ({"dry_run": True} if dry_run else {}))
        return
    call.say(
        f"開封・クリック {done.seen:,}件を{'調べました(何も残していません)' if dry_run else '調べ直しました'}。",
        f"{'Looked at' if dry_run else 'Judged'} {done.seen:,} opens and clicks"
        f"{' (nothing was kept)' if dry_run else ''}.",
    )
    _causes(call, done.marked, "新たに機械とみなしたもの", "Taken for a machine's now")
    _causes(call, done.cleared, "機械とみなさなくなったもの", "Not taken for a machine's any more")
    if done.other:
        call.say(
            f"理由や確からしさだけが変わったもの {done.other:,}件", f"{done.other:,} with another cause or certainty"
        )
    if not done.changed:
        call.say("変わった印はありません。", "No mark has changed.")
    if dry_run:
        if done.people:
            call.say(f"点数が変わりうる方 {len(done.people):,}名", f"{len(done.people):,} people whose score may move")
        return
    _scores(call, done)


def _causes(call: Call, causes: Mapping[str, int], ja: str, en: str) -> None:
    if not causes:
        return
    total = sum(causes.values())
    call.say(f"{ja} {total:,}件", f"{en}: {total:,}")
    for cause, number in sorted(causes.items(), key=lambda pair: (-pair[1], pair[0])):
        call.say(*(f"  {number:>7,}  {name_of(MACHINES, cause, lang)}" for lang in ("ja", "en")))


def _scores(call: Call, done: Replayed) -> None:
    if done.withdrawn:
        call.say(f"取り下げた架電のタスク {done.withdrawn:,}件", f"Calls taken off the desk: {done.withdrawn:,}")
    if not done.moved:
        return
    call.say(f"点数が変わった方 {len(done.moved):,}名", f"Scores that moved: {len(done.moved):,}")
    ranked = sorted(done.moved, key=lambda move: (-abs(move.after - move.before), move.person))
    for move in ranked[:_MOST]:
        line = f"  {move.before / 10:>7.1f} → {move.after / 10:.1f}"
        call.say(f"{line}  番号 {move.person}", f"{line}  person {move.person}")


def _report(done: Replayed) -> dict[str, Any]:
    """The stable keys of `score replay --json`; points as people see them."""
    return {
        "seen": done.seen,
        "marked": dict(sorted(done.marked.items())),
        "cleared": dict(sorted(done.cleared.items())),
        "other_cause": done.other,
        "people": len(done.people),
        "withdrawn": done.withdrawn,
        "moved": [
            {"person": move.person, "before": move.before / 10, "after": move.after / 10} for move in sorted(done.moved)
        ],
    }
