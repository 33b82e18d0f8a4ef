"""What people ask of a workspace besides its clock: scenarios opened, stopped, left; marks judged anew.

Start with `publish_scenario`. Imports wiring.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from hagukumi.database import identity
from hagukumi.journeys.core.program import Program
from hagukumi.journeys.shell.networks import learn_networks as learn_networks_now
from hagukumi.journeys.shell.publish import Policy, Published, publish
from hagukumi.journeys.shell.replay import Replayed, replay
from hagukumi.journeys.shell.switches import Removed, pause, remove, resume
from hagukumi.letters.content import register
from hagukumi.reading.targets import read_targets
from hagukumi.wiring import Wired, board, sync_staff
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_read, begin_write
from models.tables.schema import scenario_version


def publish_scenario(
    wired: Wired, program: Program, source: str, *, policy: Policy = "stay", moves: Mapping[str, str] | None = None
) -> Published:
    """Opens a checked scenario to people, its templates and content pinned."""
    sync_staff(wired)
    pinned = wired.files.pin(program)
    book = wired.book
    with begin_write(wired.engine) as conn:
        book.read(conn)
        now = identity(conn).now
        register(conn, wired.files.pieces, wired.files.library, program, now)
        return publish(conn, program, source, pinned, book, now=now, policy=policy, moves=moves)


def pause_scope(wired: Wired, scope: str, by: str) -> bool:
    """Stops a scenario or ALL before the next letter; False when it was paused. Raises NotDone for no scenario."""
    _known_scope(wired, scope)
    with begin_write(wired.engine) as conn:
        return pause(conn, scope, now=identity(conn).now, by=by)


def resume_scope(wired: Wired, scope: str) -> bool:
    """Lets it go on; False when it was not paused."""
    _known_scope(wired, scope)
    with begin_write(wired.engine) as conn:
        return resume(conn, scope, now=identity(conn).now)


def remove_person(wired: Wired, person_id: int, scenario: str) -> Removed:
    """Takes a person out of a scenario before the next letter."""
    _known_scope(wired, scenario)
    with begin_write(wired.engine) as conn:
        return remove(conn, person_id, scenario, now=identity(conn).now)


def learn_networks(wired: Wired, now: datetime) -> Replayed:
    """What networks are known for, worked out anew; meant for every hour."""
    return learn_networks_now(wired.engine, wired.book, now)


def replay_marks(wired: Wired, since: datetime | None = None, *, dry: bool = False) -> Replayed:
    """Opens and clicks of the past judged by the rule of today; `dry` changes nothing."""
    now = wired.now
    if not dry:
        learn_networks(wired, now)
    return replay(wired.engine, wired.book, now, since=since, dry=dry)


def _known_scope(wired: Wired, scope: str) -> None:
    with begin_read(wired.engine) as conn:
        known = sorted(set(conn.scalars(select(scenario_version.c.scenario))))
    if scope != "ALL" and scope not in known:
        names = ", ".join(known) or "-"
        raise NotDone(
            "scenario-unknown",
            f"「{scope}」は公開されていません。公開中: {names}。すべてを対象にするときは ALL とします。",
            f"{scope} is not published. Published: {names}. Use ALL for everything.",
        )


def look_for_gaps(wired: Wired, *, only_when_due: bool = False) -> int:
    """The weekly look at the list of target accounts: who has to leave, who could come. It replaces nobody.

    Returns how many have to leave. only_when_due: at most once a week of the rhythm, and nothing before an agreement.
    """
    from hagukumi.programme import acts, gaps

    with begin_read(wired.engine) as conn:
        if not read_targets(conn).agreed:
            return 0
    at = board(wired)
    with begin_read(wired.engine) as conn:
        due = gaps.due(conn, at)
    # Whoever asks between two weeks writes nothing down where nothing has changed.
    targets = acts.look(wired.engine, at, only_news=not due).targets if due or not only_when_due else None
    if targets is None:
        with begin_read(wired.engine) as conn:
            targets = read_targets(conn)
    return sum(one.gap is not None for one in targets.standing.values())
