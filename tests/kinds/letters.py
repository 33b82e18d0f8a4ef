"""A served workspace with a scenario that posts, visits and invites, and people to whom it happens."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert, update

from hagukumi.steering import publish_scenario
from hagukumi.ticking import tick
from models.tables.bulk import insert_many
from models.tables.engine import begin_write
from models.tables.schema import account, pending, person
from tests.web.site import Site

START = datetime(2026, 6, 15, tzinfo=UTC)
"""Monday, 9:00 in Japan."""
SCENARIO = """\
scenario: by-post
title: {ja: 郵送の見本, en: By post}
purpose: 決裁者に1枚資料を届ける
owner: 佐藤
who: {stage: lead, role: decision_maker}
enter: once
stop_when: defaults
goal: {stage: mql.., within: 90日}
steps:
  - post: play/claims-letter
    id: paper
    at_most: 5営業日
    or_else:
      - {call: 1枚資料のご案内, id: ring}
      - {end: 郵送できないため電話へ}
  - visit: 1枚資料のご説明
    id: visit
    place: 事務部の受付
    material: [1枚資料, 名刺]
    or_else:
      - {task: 訪問の代わりを考える, id: instead, desk: marketing}
      - {end: お会いできず}
  - end: お会いできました
"""


def begin(site: Site, text: str = SCENARIO) -> None:
    """The scenario is published."""
    path = site.workspace.scenarios / "by-post.yaml"
    path.write_text(text, "utf-8")
    compiled = site.wired.files.compile_file(path)
    assert compiled.program is not None, [each.message("en") for each in compiled.problems]
    publish_scenario(site.wired, compiled.program, text)


def chair(site: Site, key: str = "rijicho", *, address: str | None = "北区みほん町1-2-3", **more: object) -> int:
    """The chair of a hospital: no mail address, a street to write to."""
    with begin_write(site.wired.engine) as conn:
        place = conn.execute(
            insert(account)
            .values(
                key=f"h-{key}", name="青葉台記念病院", name_norm="青葉台", kind="hospital", beds=320,
                prefecture="神奈川県", city="横浜市", address=address, postal_code="231-0000", created_at=START,
                changed_at=START,
            )
            .returning(account.c.id)
        ).scalar_one()  # fmt: skip
        values = {
            "key": key, "family_name": "髙橋", "given_name": "一郎", "title": "理事長", "role": "decision_maker",
            "account_id": place, "created_at": START, "changed_at": START, **more,
        }  # fmt: skip
        number = conn.execute(insert(person).values(**values).returning(person.c.id)).scalar_one()
        insert_many(conn, pending, ("at", "person_id"), [(START, number)])
    return int(number)


def address_of(site: Site, who: int, **columns: object) -> None:
    """Somebody looked up the facility's address."""
    with begin_write(site.wired.engine) as conn:
        place = conn.exec_driver_sql(f"SELECT account_id FROM person WHERE id = {who}").scalar_one()
        conn.execute(update(account).where(account.c.id == place).values(**columns))


def live(site: Site, day: int, hour: int = 3) -> None:
    """Time passes until that day of June 2026, noon in Japan."""
    tick(site.wired, datetime(2026, 6, day, hour, tzinfo=UTC))
