"""How the workspace stands in its database: one finding a matter. Start with `stored`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, Engine, func, select, true

from hagukumi.channels.inbox import open_inbox
from hagukumi.database import identity
from hagukumi.files import Files
from hagukumi.health.findings import channels_of, rates_of
from hagukumi.incidents.book import read_all
from hagukumi.incidents.duty import TITLES
from hagukumi.journeys.core.values import Words
from hagukumi.learning.findings import model_findings
from hagukumi.letters.settling import in_doubt
from hagukumi.privacy.ledger import Ledger
from hagukumi.privacy.plan import RESTORED
from hagukumi.programme.pushing import overdue
from hagukumi.reading.requests import requests_of
from hagukumi.reading.reviews import open_review, undecided
from hagukumi.reading.targets import read_targets
from hagukumi.settings import NETWORK_OUTLETS
from hagukumi.words.dates import say_time
from hagukumi.words.finding import Finding
from hagukumi.words.refusal import NotDone
from hagukumi.workspace import Workspace
from models.tables.arrivals import HELD
from models.tables.engine import begin_read
from models.tables.migrations import HEAD, version
from models.tables.schema import (
    account,
    erasure,
    import_run,
    pending,
    scenario_version,
    set_aside,
    staff,
    stop_switch,
)  # fmt: skip

WAITS_TOO_LONG = timedelta(minutes=5)


def stored(engine: Engine, workspace: Workspace) -> Iterator[Finding]:
    """Every matter that the database knows of, and what lies in the inbox beside it."""
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[engine.dialect.name]
    known = version(engine)
    said = Words(f"データベース: {kind}、版 {known}", f"Database: {kind}, version {known}")
    yield Finding("ok" if known == HEAD else "fail", "database", said)
    matters: tuple[Callable[[Connection, Workspace], Iterator[Finding]], ...] = (
        _clock, _optouts, _staff, _published, _stopped, _doubtful, _unfinished, _erased, _incidents, _reputation,
        _model, _programme, _review, _requests, _ads, _owners,
    )  # fmt: skip
    with begin_read(engine) as conn:
        for matter in matters:
            yield from matter(conn, workspace)
    yield from _inbox(engine, workspace)


def _programme(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    """How the list of target accounts stands; before its first agreement there is nothing to say."""
    targets = read_targets(conn)
    if not targets.agreed:
        return
    gaps = sum(one.gap is not None for one in targets.standing.values())
    number = size = len(targets.standing)
    with suppress(NotDone):
        # What is wrong with the rules is said with the files.
        size = Files(workspace).programme.size
    said = Words(f"ABMのリスト: {size}件中{number}件", f"Target accounts: {number} of {size}")
    over = targets.locked_until is not None and targets.locked_until <= identity(conn).now
    if gaps:
        said = Words(f"{said.ja}、要入れ替え {gaps}件", f"{said.en}; have to leave: {gaps}")
        todo = Words("「hagukumi abm gaps」で候補をご確認ください。", "`hagukumi abm gaps` proposes who comes.")
        yield Finding("warn", "targets", said, todo)
    elif over:
        todo = Words(
            "合意の期間が過ぎました。「hagukumi abm propose」から次の合意を始めてください。",
            "The agreement is over: begin the next one with `hagukumi abm propose`.",
        )
        yield Finding("warn", "targets", said, todo)
    else:
        yield Finding("ok", "targets", said)


def _review(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    """A review of the target accounts that is open: how much of it is undecided, and whether it was broken off."""
    held = open_review(conn)
    if held is None:
        return
    left = undecided(conn, held.number)
    said = Words(
        f"ABMの見直し: 第{held.number}回が進行中、未決定 {left}件",
        f"Review {held.number} of the target accounts is open, {left} undecided",
    )
    if held.finishing_by is not None:
        todo = Words(
            "実行が途中で止まっています。「hagukumi abm review finish」をもう一度行ってください。",
            "It was broken off while it was carried out: run `hagukumi abm review finish` once more.",
        )
        yield Finding("warn", "review", said, todo)
    elif held.reminded_at is not None:
        todo = Words("「hagukumi abm review show」で決めてください。", "Decide it: `hagukumi abm review show`.")
        yield Finding("warn", "review", said, todo)
    else:
        yield Finding("ok", "review", said)


def _requests(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    """Content that was asked for and is late."""
    now = identity(conn).now
    late = sum(one.due is not None and one.due < now for one in requests_of(conn))
    if late:
        said = Words(f"期日を過ぎた資料の依頼: {late}件", f"Requests for content that are late: {late}")
        todo = Words("「hagukumi abm request」でご確認ください。", "See `hagukumi abm request`.")
        yield Finding("warn", "requests", said, todo)


def _ads(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    """People and facilities that have left an audience of ads and are still with its platform after a day."""
    late = overdue(conn, identity(conn).now - timedelta(days=1))
    for name, number in late:
        said = Words(
            f"広告の配信対象「{name}」から外すべきものが{number}件、1日以上配信先に残っています",
            f"{number} that left the audience of ads {name} are still with its platform after a day",
        )
        todo = Words(
            f"「hagukumi abm audiences push {name}」で外し、"
            "CSVなら配信先の画面から remove.csv を読み込ませてください。",
            f"Run `hagukumi abm audiences push {name}`; where it writes CSVs, upload remove.csv to the platform.",
        )
        yield Finding("fail", "audiences", said, todo)


def _owners(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    """Facilities whose owner type a list wrote in words that nobody knows."""
    strange = (account.c.owner_type.is_(None), account.c.owner_written.is_not(None))
    number = conn.scalar(select(func.count()).select_from(account).where(*strange)) or 0
    if number:
        said = Words(
            f"開設主体の種類が分からない語で書かれた施設: {number:,}件",
            f"Facilities with an owner type that is not known: {number:,}",
        )
        todo = Words(
            "語の一覧は docs/committee.ja.md にあります。マッピングの values で読み替え、もう一度取り込んでください。",
            "docs/committee.md lists the words: replace yours by `values` in the mapping and import the list again.",
        )
        yield Finding("warn", "owners", said, todo)


def _model(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    return model_findings(conn, workspace.var / "models", lambda at: _said(at, workspace))


def _inbox(engine: Engine, workspace: Workspace) -> Iterator[Finding]:
    """What came in and was not read: without the loop it lies there, and what is broken is kept for somebody."""
    box = open_inbox(engine)
    try:
        counts = box.counts()
    finally:
        box.close()
    if counts.oldest is not None and datetime.now(UTC) - counts.oldest > WAITS_TOO_LONG:
        since = _said(counts.oldest, workspace)
        said = Words(
            f"届いたまま読まれていないもの: {counts.waiting:,}件({since.ja} から)",
            f"Lies in the inbox unread: {counts.waiting:,} (since {since.en})",
        )
        todo = Words("「hagukumi serve」が動いているかご確認ください。", "See whether `hagukumi serve` is running.")
        yield Finding("warn", "inbox", said, todo)
    if counts.aside:
        number = sum(counts.aside.values())
        said = Words(f"届いたが読み取れなかったもの: {number:,}件", f"Came in and could not be read: {number:,}")
        todo = Words("「hagukumi inbox」で理由をご確認ください。", "`hagukumi inbox` says why.")
        yield Finding("warn", "inbox", said, todo)


def _clock(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    own, wall = identity(conn), datetime.now(UTC)
    if own.virtual_now is not None:
        now = _said(own.virtual_now, workspace)
        yield Finding("ok", "clock", Words(f"仮想の時計: {now.ja}", f"Virtual clock: {now.en}"))
        return
    now = _said(wall, workspace)
    latest = conn.scalar(select(func.max(import_run.c.started_at)))
    if wall.year < 2026 or (latest is not None and latest > wall + timedelta(minutes=5)):
        said = Words(f"この機械の時計がずれています({now.ja})", f"This machine's clock is wrong ({now.en})")
        yield Finding(
            "fail", "clock", said, Words("時刻合わせ(NTP)をご確認ください。", "Check its time service (NTP).")
        )
    else:
        yield Finding("ok", "clock", Words(f"時計: {now.ja}", f"Clock: {now.en}"))


def _zone(workspace: Workspace) -> tzinfo:
    """The business zone, or UTC where the settings cannot be read."""
    try:
        return ZoneInfo(workspace.read_settings().zone)
    except (NotDone, ZoneInfoNotFoundError, ValueError):
        return UTC


def _local_day(at: datetime, workspace: Workspace) -> date:
    return at.astimezone(_zone(workspace)).date()


def _said(at: datetime, workspace: Workspace) -> Words:
    """An instant in the business zone."""
    zone = _zone(workspace)
    return Words(say_time(at, zone, "ja", year=True), say_time(at, zone, "en", year=True))


def _optouts(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    settled = identity(conn).optouts_settled
    if settled is None and workspace.nature == "real":
        yield Finding(
            "fail",
            "optouts",
            Words("旧ツールの配信停止リストが未取り込みです", "The former tool's opt-outs have not been imported"),
            Words(
                "「hagukumi import optouts FILE --map optouts」で取り込むか、"
                "1件もなければ「hagukumi import optouts --sign-none」で署名します。それまで送信されません。",
                "`hagukumi import optouts FILE --map optouts`, or sign that there are none: "
                "`hagukumi import optouts --sign-none`. Until then nothing is sent.",
            ),
        )
    else:
        said = {
            "imported": Words("配信停止リスト: 取り込み済み", "Opt-outs: imported"),
            "signed-none": Words("配信停止リスト: 「1件もない」と署名済み", "Opt-outs: signed that there are none"),
        }.get(settled or "", Words("配信停止リスト: 練習用のため不要", "Opt-outs: not needed for practice"))
        yield Finding("ok", "optouts", said)


def _staff(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    here = (staff.c.active == true(), staff.c.role == "is")
    number = conn.scalar(select(func.count()).select_from(staff).where(*here)) or 0
    if number:
        yield Finding("ok", "staff", Words(f"インサイドセールス: {number}名", f"Inside sales: {number} people"))
        return
    yield Finding(
        "warn",
        "staff",
        Words("インサイドセールスの担当者が登録されていません", "Nobody is registered for inside sales"),
        Words(
            "タスクは「担当未定」になります。staff.yaml に「role: is」の方をお書きください。"
            "次の tick か publish で登録されます。",
            "Tasks will have no owner. Write people with `role: is` into staff.yaml; "
            "the next tick or publish registers them.",
        ),
    )


def _published(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    names = sorted(conn.scalars(select(scenario_version.c.scenario).where(scenario_version.c.live == true())))
    if names:
        yield Finding("ok", "published", Words(f"公開中: {'、'.join(names)}", f"Open: {', '.join(names)}"))
        return
    todo = Words("「hagukumi publish」で公開します。", "Open one with `hagukumi publish`.")
    yield Finding("warn", "published", Words("公開中のシナリオがありません", "No scenario is open"), todo)


def _doubtful(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    """Letters nobody knows about; for a day events may still settle them."""
    number = len(in_doubt(conn, identity(conn).now - timedelta(days=1)))
    if number:
        said = Words(f"1日以上、結果不明のメール: {number:,}件", f"Letters in doubt for more than a day: {number:,}")
        todo = Words(
            "「hagukumi letters doubtful」で確かめ方をご覧ください。",
            "`hagukumi letters doubtful` says how to find out.",
        )
        yield Finding("warn", "doubtful", said, todo)


def _stopped(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    for scope in sorted(conn.scalars(select(stop_switch.c.scope))):
        todo = Words(f"再開は「hagukumi resume {scope}」です。", f"To go on: hagukumi resume {scope}")
        yield Finding("warn", "paused", Words(f"「{scope}」は一時停止中です", f"{scope} is paused"), todo)


def _unfinished(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    query = select(import_run.c.file_name, import_run.c.started_at).where(import_run.c.finished_at.is_(None))
    broken = [(name, _said(at, workspace)) for name, at in conn.execute(query.order_by(import_run.c.id))]
    if broken:
        held = conn.scalar(select(func.count()).select_from(pending).where(pending.c.at >= HELD)) or 0
        ja = "、".join(f"{name}({at.ja} 開始)" for name, at in broken)
        en = ", ".join(f"{name} (begun {at.en})" for name, at in broken)
        said = Words(
            f"終わっていない取り込み: {ja}。{held:,} 件の動きを止めてあります",
            f"Imports that have not finished: {en}. {held:,} events are held back",
        )
        todo = Words(
            "実行中でなければ、同じ一覧をもう一度取り込んでください。残りが入り、止めてあるものも動き出します。",
            "Unless it is running now, import the same list again: the rest gets in and what is held goes on.",
        )
        yield Finding("warn", "imports", said, todo)
    aside = conn.scalar(select(func.count()).select_from(set_aside)) or 0
    if aside:
        said = Words(f"問題が起きて止めている方: {aside}名", f"People set aside after a failure: {aside}")
        yield Finding(
            "warn", "set_aside", said, Words("「hagukumi why 番号」で経過をご確認ください。", "See `hagukumi why ID`.")
        )


def _incidents(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    """Wrong mails that are not dealt with, and reports whose day has passed."""
    today = _local_day(identity(conn).now, workspace)
    for one in read_all(conn, still_open=True):
        late = "・".join(TITLES[each.report].ja for each in one.overdue(today))
        late_en = " and ".join(TITLES[each.report].en for each in one.overdue(today))
        said = Words(
            f"誤ったメールの記録 {one.id} 番が対応中です" + (f"。{late}の期限を過ぎています" if late else ""),
            f"Incident {one.id} (a wrong mail) is open" + (f"; overdue: {late_en}" if late else ""),
        )
        todo = Words(f"「hagukumi incident show {one.id}」で確かめます。", f"See: hagukumi incident show {one.id}")
        yield Finding("fail" if late else "warn", "incidents", said, todo)


def _reputation(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    """What rests, and what readers and mailboxes said of our letters."""
    now, zone = identity(conn).now, _zone(workspace)
    yield from channels_of(conn, now, zone)
    try:
        outlet = workspace.read_settings().outlet
    except NotDone:
        return
    if outlet in NETWORK_OUTLETS:
        yield from rates_of(conn, outlet, now)


def _erased(conn: Connection, workspace: Workspace) -> Iterator[Finding]:
    """Who was erased stays erased after a restore only where the file beside the database knows them."""
    c = erasure.c
    rows = conn.execute(select(c.address_hash, c.person_id, c.by_whom)).all()
    if not rows:
        return
    number = len({row.person_id or row.address_hash for row in rows})
    again = len({row.person_id or row.address_hash for row in rows if row.by_whom == RESTORED})
    known = Ledger(workspace.var).known()
    if any(row.address_hash not in known for row in rows):
        said = Words(
            "消去の控え(var/erased)に、データベースより少ない記録しかありません",
            "var/erased knows fewer erasures than the database",
        )
        todo = Words(
            "控えから戻すか、「hagukumi serve」を動かしてください(1時間以内に補われます)。",
            "Restore it, or run `hagukumi serve`: it is filled up within the hour.",
        )
        yield Finding("warn", "erasures", said, todo)
        return
    more = (
        Words(f"(うち復元の後に再び消去: {again}名)", f" (again after a restore: {again})") if again else Words("", "")
    )
    yield Finding("ok", "erasures", Words(f"消去した方: {number}名{more.ja}", f"People erased: {number}{more.en}"))
