"""How soon what follows an event is done, while tick and sender run: a form's task, a reply's end, a call's result.

The workspace is a real one, served as in life. Start with `forms`.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from functools import partial
from pathlib import Path
from typing import Any

from benches.hook import DUE, LETTERS
from benches.real import Served, prepare, served
from benches.web import _batches, _json, _load, _until, _waits, _Watcher
from hagukumi.journeys.shell.desk import record_call
from hagukumi.ticking import react_now, walk_people
from hagukumi.web.inbound import hook_secret
from hagukumi.wiring import wire
from hagukumi.workspace import find
from models.tables.engine import begin_write

COUNT, RATE = 500, 50
VIEWS, SIZE = 2_000, 20
"""Page views a second beside the forms, and how many come in a request."""
PATIENCE = 20.0
BOUNDARY = "hagukumi-bench"


def forms(folder: str, views: int = 0, **_: Any) -> dict[str, Any]:
    """Milliseconds from the second form's post to its stored task; `views`: page views a second meanwhile."""
    with served(folder, DUE, before=_introduced) as running:
        watcher = _Watcher(str(running.database))
        answered = asyncio.run(_forms_and_views(running.port, views))
        return _seen(running, watcher, {_who(running)[_mail(n)]: at for n, at in enumerate(answered)})


def replies(folder: str, **_: Any) -> dict[str, Any]:
    """Milliseconds from the post of a reply by SendGrid's inbound parse to the end of its sender's scenario."""
    first = LETTERS - COUNT
    with served(folder, DUE) as running:
        watcher = _Watcher(str(running.database), "walk")
        secret = hook_secret(wire(find(running.folder)).identity.secret)
        path = f"/hooks/inbound/sendgrid/{secret}"
        media = f"multipart/form-data; boundary={BOUNDARY}"
        posts = (_reply(first + n, LETTERS // 5) for n in range(1, COUNT + 1))
        answered = asyncio.run(_load(running.port, path, posts, COUNT, RATE, media=media))
        return _seen(running, watcher, {first + n: began for n, (began, _, _) in enumerate(answered, 1)})


def calls(folder: str, **_: Any) -> dict[str, Any]:
    """Milliseconds to store a call's result and to let whom it concerns live on, as the desk does it."""
    with served(folder, DUE, before=_with_tasks) as running:
        wired = wire(find(running.folder))
        db = sqlite3.connect(running.database)
        tasks = db.execute(
            "SELECT id, person_id FROM task WHERE state = 'open' ORDER BY id LIMIT ?", (COUNT,)
        ).fetchall()
        db.close()
        react_now(wired)
        waits, began = [], time.perf_counter()
        for number, (task, who) in enumerate(tasks):
            due = began + number / RATE
            time.sleep(max(0.0, due - time.perf_counter()))
            with begin_write(wired.engine) as conn:
                assert record_call(conn, task, "callback", wired.now, settles=True)
            walk_people(wired, [who])
            waits.append(time.perf_counter() - due)
        wall = time.perf_counter() - began
        wired.engine.dispose()
        assert len(waits) == COUNT, len(waits)
        _until(lambda: running.sent() > 0, PATIENCE)
        return {"done": COUNT, "wall": wall, "cpu": wall, "sent": running.sent()} | _waits(sorted(waits))


def _mail(number: int) -> str:
    return f"lead-{number}@aobadai.example"


def _lead(number: int) -> bytes:
    told = {"name": f"青葉 {number}", "email": _mail(number), "company": f"第{number % 80}青葉病院", "title": "事務長"}
    return _json(told | {"letters": "on"})


def _introduced(running: Served) -> None:
    """Everybody has filled in a first form."""
    _post_forms(running, "roi-simulation")


def _with_tasks(running: Served) -> None:
    """Everybody has filled in both forms, and is to be called."""
    _introduced(running)
    _post_forms(running, "contact")


def _post_forms(running: Served, form: str) -> None:
    asyncio.run(_load(running.port, f"/v1/forms/{form}", map(_lead, range(COUNT)), COUNT, RATE * 4))
    _until(lambda: _nothing_lies(running.folder), 60)
    time.sleep(1)


async def _forms_and_views(port: int, views: int) -> list[float]:
    """When each form was due."""
    posts = _load(port, "/v1/forms/contact", map(_lead, range(COUNT)), COUNT, RATE)
    if not views:
        return [began for began, _, _ in await posts]
    batches = _batches([f"{number:032x}" for number in range(1_000)], SIZE)
    number = views // SIZE * COUNT // RATE
    answered, seen = await asyncio.gather(posts, _load(port, "/v1/events", batches, number, views // SIZE))
    assert all(status in (200, 202) for *_, status in seen)
    return [began for began, _, _ in answered]


def _who(running: Served) -> dict[str, int]:
    db = sqlite3.connect(running.database)
    found = dict(db.execute("SELECT email_norm, id FROM person"))
    db.close()
    return found


def _seen(running: Served, watcher: _Watcher, began: dict[int, float]) -> dict[str, Any]:
    latest = time.monotonic() + PATIENCE
    while began.keys() - watcher.seen.keys() and time.monotonic() < latest:
        time.sleep(0.02)
    watcher.stop()
    waits = sorted(watcher.seen[who] - at for who, at in began.items() if who in watcher.seen)
    assert len(waits) == COUNT, len(waits)
    _until(lambda: running.sent() > 0, PATIENCE)
    wall = max(began.values()) - min(began.values())
    return {"done": len(waits), "wall": wall, "cpu": wall, "sent": running.sent()} | _waits(waits)


def _nothing_lies(folder: Path) -> bool:
    db = sqlite3.connect(folder / "var" / "inbox.db")
    found = db.execute("SELECT 1 FROM inbox LIMIT 1").fetchone()
    db.close()
    return found is None


def _reply(who: int, houses: int) -> bytes:
    sender = f"reader-{who}@h{who % houses + 1}.example"
    mail = (
        f"From: {sender}\r\nTo: sato@hagukumi.example\r\nSubject: Re: hello\r\nMessage-ID: <{who}@h.example>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n資料を拝見しました。一度お話を聞かせてください。\r\n"
    )
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="email"\r\n\r\n'
    return f"{part}{mail}\r\n--{BOUNDARY}--\r\n".encode()


def main() -> None:
    """Prints everything once."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="hagukumi-caused-") as scratch:
        stock = str(Path(scratch) / "stock")
        prepare(stock, LETTERS)
        for name, case in (
            ("forms", partial(forms, stock)),
            (f"forms beside {VIEWS:,} page views a second", partial(forms, stock, VIEWS)),
            ("replies", partial(replies, stock)),
            ("calls", partial(calls, stock)),
        ):
            print(name, case(), flush=True)


if __name__ == "__main__":
    main()
