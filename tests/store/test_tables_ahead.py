"""What is thought before the lock holds only while nobody else commits; statements prepared for the driver."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, insert, select

from models.tables.bulk import among
from models.tables.engine import begin_ahead, begin_read, begin_write, open_engine
from models.tables.migrations import upgrade
from models.tables.prepared import Prepared
from models.tables.schema import account, person

NOW = datetime(2026, 6, 1, 1, 2, 3, 4, tzinfo=UTC)


def add(conn: Connection, number: int, **more: Any) -> None:
    """A facility."""
    row = {"key": f"a{number}", "name": "x", "name_norm": "x", "kind": "hospital", "created_at": NOW, "changed_at": NOW}
    conn.execute(insert(account).values(id=number, **(row | more)))


def number(conn: Connection) -> int:
    return conn.scalar(select(func.count()).select_from(account)) or 0


def test_a_thought_holds_while_nobody_commits(sqlite_url: str) -> None:
    engine, other = open_engine(sqlite_url), open_engine(sqlite_url)
    upgrade(engine)
    for n in range(3):
        # Its own commits change nothing for it: it knew of them.
        with begin_ahead(engine, number) as (conn, thought, holds):
            assert holds and thought == n == number(conn)
            add(conn, n)

    def overtaken(conn: Connection) -> int:
        known = number(conn)
        with begin_write(other) as beside:
            add(beside, 10)
        assert number(conn) == known, "one unchanging state"
        return known

    with begin_ahead(engine, overtaken) as (conn, thought, holds):
        assert not holds and (thought, number(conn)) == (3, 4)
    with begin_read(other) as conn:
        assert number(conn) == 4
    engine.dispose()
    other.dispose()


def test_a_rollback_of_another_changes_nothing(sqlite_url: str) -> None:
    engine, other = open_engine(sqlite_url), open_engine(sqlite_url)
    upgrade(engine)

    def think(conn: Connection) -> int:
        with other.connect() as beside:
            add(beside, 1)
            beside.rollback()
        return number(conn)

    with begin_ahead(engine, think) as (_, thought, holds):
        assert holds and thought == 0
    engine.dispose()
    other.dispose()


def test_a_prepared_statement_gives_what_sqlalchemy_gives(engine: Engine) -> None:
    closed = {"weekdays": ["thu"], "名": "%"}
    with begin_write(engine) as conn:
        add(conn, 1, closed=closed)
        add(conn, 2)
        of = {"id": 1, "key": "p1", "family_name": "山田", "account_id": 2, "created_at": NOW, "changed_at": NOW}
        conn.execute(insert(person).values(**of))
    statement = (
        select(account.c.id, account.c.closed, account.c.created_at, person.c.family_name)
        .outerjoin(person, person.c.account_id == account.c.id)
        .where(among(account.c.key, "keys"), account.c.created_at <= bindparam("until"), account.c.kind == "hospital")
        .order_by(account.c.id)
    )
    prepared = Prepared(statement)
    for keys in (["a1", "a2"], [], ["a2", "nobody"]):
        given = {"keys": keys, "until": NOW}
        with begin_read(engine) as conn:
            rows = prepared.all(conn, given)
            assert rows == [tuple(row) for row in conn.execute(statement, given)]
            assert [row.created_at for row in rows] == [NOW] * len(rows)
    with begin_read(engine) as conn:
        assert prepared.all(conn, {"keys": ["a1"], "until": NOW})[0].closed == closed
