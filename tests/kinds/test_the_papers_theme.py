"""What goes with a letter is about what the letter is about, whatever else the facility is interested in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hagukumi.letters.links import sign_link
from hagukumi.letters.paper_links import PaperToken, link_named, sign_paper
from hagukumi.programme.asking import asked_of
from hagukumi.reading.intent import intent_at
from hagukumi.reading.intents import ranking
from models.tables.engine import begin_read
from models.tables.schema import activity, letter
from tests.cli.lines import Line
from tests.kinds.guests import BROWSER
from tests.kinds.playground import Playground
from tests.papers.reading import pages_of
from tests.web.site import Site


@pytest.fixture
def ten(site: Site) -> Playground:
    return Playground(site, "mini-ten")


def test_the_paper_enclosed_in_a_letter_on_claims_is_about_claims(ten: Playground, capsys: Any, tmp_path: Path) -> None:
    ten.facility("kaede", by_mail=False)
    ten.live(16, 10)
    (printed,) = Line(capsys, ten.site.workspace.folder)("post", "print", "--out", str(tmp_path), "--json").json
    (enclosed,) = printed["enclosed"]
    said = "".join(page.text for page in pages_of(Path(enclosed).read_bytes()))
    assert "請求漏れと返戻" in said and "残業を減らすかどうか" not in said


def test_the_paper_that_a_mail_links_to_is_about_what_the_mail_is_about(ten: Playground) -> None:
    who = ten.facility("aoba", by_mail=True)
    ten.live(16, 10)
    secret = ten.site.wired.identity.secret
    with begin_read(ten.site.wired.engine) as conn:
        key = conn.scalars(select(letter.c.key).where(letter.c.step == "summary")).one()
    page = ten.site.client.get(f"/p/{sign_link(secret, key, link_named('one-page'))}", headers=BROWSER)
    assert page.status_code == 200 and re.findall("<h1>(.*?)</h1>", page.text) == [
        "請求漏れと返戻を減らすかどうかを決めるための1枚"
    ]
    ten.site.read_inbox()
    ten.live(16, 12)
    with begin_read(ten.site.wired.engine) as conn:
        assert conn.scalars(select(activity.c.content).where(activity.c.kind == "clicked")).all() == ["papers/one-page"]
        asked = asked_of(ten.site.wired.files, ten.site.wired.now)
        told = intent_at(conn, asked, who["place"]).intent
        assert told.theme == "unpaid-claims" and ranking(conn, asked)[who["place"]].theme == "unpaid-claims"


def test_an_accounts_own_link_without_a_letter_follows_its_interest(ten: Playground) -> None:
    who = ten.facility("aoba", by_mail=True)
    until = ten.site.wired.now.date().replace(month=12)
    token = sign_paper(ten.site.wired.identity.secret, PaperToken(who["place"], "one-page", until))
    page = ten.site.client.get(f"/p/{token}", headers=BROWSER)
    assert "記録の残業を減らすかどうかを決めるための1枚" in page.text
