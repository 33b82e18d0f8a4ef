"""The fortnightly review in a workspace: prepared, reminded of, finished; Prefect's run that waits for it goes on.

Start with `prepare_review` and `finish_review`; mornings call `attend_to_review`. Nothing depends on Prefect for being
right: without its server all is the same.
"""

from __future__ import annotations

import logging
import time
from typing import NamedTuple

import httpx
from sqlalchemy import update

from hagukumi.programme.audiences import asked_of, follow, rules_of
from hagukumi.programme.finishing import Finished, finish
from hagukumi.programme.review_tasks import Late, remind
from hagukumi.programme.reviewing import Prepared, Renewed, due, prepare
from hagukumi.programme.reviewing import follow as follow_list
from hagukumi.programme.sight import Sight
from hagukumi.reading.reviews import Held, latest_review, open_review
from hagukumi.reading.targets import has_targets
from hagukumi.steering import look_for_gaps
from hagukumi.wiring import Wired, board, scales, sync_staff
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_read, begin_write
from models.tables.schema import review

SECONDS = 10.0
"""How long Prefect's server may take to answer."""
PAUSES = (0.0, 1.0, 3.0)
"""Before each try: Prefect's own database is busy now and then, and says so by 503."""
TAKEN = "ACCEPT"
"""What its answer says when the run goes on."""
_log = logging.getLogger("hagukumi.fortnight")


class Closed(NamedTuple):
    """A review that was finished. resumed: whether Prefect's run goes on; None where none waited.

    audiences: how many joined and left audiences of ads by it; None where they could not follow (it is logged).
    """

    finished: Finished
    resumed: bool | None
    audiences: tuple[int, int] | None


def sight_of(wired: Wired) -> Sight:
    """What reviews are made by, as of now. Raises NotDone where rules are faulty."""
    by = scales(wired)
    pieces = frozenset((one.kind, one.theme) for one in wired.files.pieces.values() if one.theme is not None)
    return Sight(by.board, by.asked, wired.book, wired.terms.checks, pieces)


def prepare_review(wired: Wired, *, only_when_due: bool = False, anew: bool = False) -> Prepared | None:
    """The review of this period, prepared once however often it is asked for; None where it is not due."""
    sync_staff(wired)
    if only_when_due and not _due(wired):
        return None
    look_for_gaps(wired, only_when_due=True)
    return prepare(wired.engine, sight_of(wired), only_when_due=only_when_due, anew=anew)


def follow_review(wired: Wired) -> Renewed:
    """The open review follows the list, before somebody looks at it; what was proposed anew. Without one: nothing."""
    with begin_read(wired.engine) as conn:
        held = open_review(conn)
    return Renewed() if held is None else follow_list(wired.engine, sight_of(wired), held)


def attend_to_review(wired: Wired) -> None:
    """Once a morning: a review whose day has come is prepared, one that is late reminds, then escalates."""
    try:
        prepare_review(wired, only_when_due=True)
        remind_review(wired)
    except NotDone as refusal:
        _log.warning("the review of the target accounts was not prepared: %s", refusal.code)


def remind_review(wired: Wired) -> Late | None:
    """Once a day: the ABM owner is reminded of a review that is late, then the manager is told."""
    with begin_read(wired.engine) as conn:
        if open_review(conn) is None:
            return None
    return remind(wired.engine, board(wired))


def finish_review(wired: Wired, by: str) -> Closed:
    """Carries out what was decided, and lets Prefect's run go on. Raises NotDone."""
    sync_staff(wired)
    done = finish(wired.engine, sight_of(wired), by, wired.files.settings.language)
    return Closed(done, _resume(wired, done.held), _follow(wired))


def _follow(wired: Wired) -> tuple[int, int] | None:
    """Audiences follow the list and the plays; they are handed over in the morning, or by `abm audiences push`."""
    try:
        standings = follow(wired.engine, rules_of(wired.files), asked_of(wired.files, wired.now))
    except NotDone as refusal:
        _log.warning("audiences did not follow the review: %s", refusal.code)
        return None
    changes = [one.difference for one in standings]
    return sum(len(each.added) for each in changes), sum(len(each.removed) for each in changes)


def awaited(wired: Wired, number: int, run: str, api: str) -> bool:
    """Prefect's run will wait for this review; False where it is finished, or an earlier run waits for it."""
    with begin_write(wired.engine) as conn:
        held = open_review(conn)
        if held is None or held.number != number or held.run not in (None, run):
            return False
        conn.execute(update(review).where(review.c.number == number).values(run=run, run_api=api))
        return True


def resume_waiting(wired: Wired) -> None:
    """Once a day: a run whose server was away when its review was finished goes on."""
    with begin_read(wired.engine) as conn:
        held = latest_review(conn)
    if held is not None and not held.open:
        _resume(wired, held)


def _resume(wired: Wired, held: Held) -> bool | None:
    """Tells Prefect's server that the run goes on. A server that is away, or says no, does no harm: it is logged."""
    if held.run is None or held.run_api is None:
        return None
    status = _ask_prefect(f"{held.run_api}/flow_runs/{held.run}/resume")
    if status != TAKEN:
        _log.warning("Prefect's run of review %d was not resumed: %s", held.number, status)
        return False
    with begin_write(wired.engine) as conn:
        conn.execute(update(review).where(review.c.number == held.number).values(run=None, run_api=None))
    return True


def _ask_prefect(address: str) -> str:
    """What the server says became of it, or what kept it from saying so. One that is busy is asked again."""
    status = ""
    for pause in PAUSES:
        time.sleep(pause)
        try:
            answer = httpx.post(address, json={}, timeout=SECONDS)
            answer.raise_for_status()
            return str(answer.json().get("status"))
        except httpx.HTTPStatusError as trouble:
            status = str(trouble.response.status_code)
            if not trouble.response.is_server_error:
                return status
        except (httpx.HTTPError, ValueError) as trouble:
            return type(trouble).__name__
    return status


def _due(wired: Wired) -> bool:
    """Whether there is anything to prepare, or to bring up to date."""
    with begin_read(wired.engine) as conn:
        if not has_targets(conn):
            # Workspaces without the programme have no rules of it either.
            return False
        return open_review(conn) is not None or due(conn, board(wired)) is not None
