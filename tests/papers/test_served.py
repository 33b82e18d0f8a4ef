"""An account's link: what it shows, whose looking counts, and what it says when there is nothing to see any more."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from hagukumi.cli import app
from hagukumi.cli.frame import run
from hagukumi.letters.paper_links import PaperToken, link_named, sign_paper
from hagukumi.programme.asking import asked_of
from hagukumi.reading.intent import intent_at
from hagukumi.reading.intents import ranking
from hagukumi.recalling import reinstate_content, withdraw_content
from hagukumi.ticking import react_now
from models.tables.engine import begin_read, begin_write
from models.tables.schema import account, activity, inbox, letter, paper_view
from tests.papers.places import path_to
from tests.papers.reading import pages_of
from tests.web.site import Site, publish

CHROME = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"}
MACHINES = [
    {"user-agent": "Barracuda Sentinel (EE)"},
    {"user-agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"},
]
H200 = 1


def test_it_shows_the_paper_and_loads_nothing_from_elsewhere(site: Site) -> None:
    answer = site.client.get(path_to(site.wired, H200), headers=CHROME)
    assert answer.status_code == 200
    for words in ("青葉台記念病院 御中", "200床 × 0.6名", "21か月", "当社の料金表", "仮の数字"):
        assert words in answer.text
    assert "noindex" in answer.headers["x-robots-tag"] and '<meta name="robots" content="noindex' in answer.text
    assert answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers
    assert not re.findall(r'(?:src|href)="https?:', answer.text) and "<script" not in answer.text


def test_the_pdf_beside_it_says_the_same_in_the_same_language(site: Site) -> None:
    page = site.client.get(path_to(site.wired, H200), headers=CHROME | {"accept-language": "en"}).text
    (there,) = re.findall(r'href="(/p/[^"]+\.pdf[^"]*)"', page)
    answer = site.client.get(there, headers=CHROME)
    assert answer.headers["content-type"] == "application/pdf"
    (only,) = pages_of(answer.content)
    assert "JPY 7,200,000 ÷ JPY 350,000" in only.text and "21 months" in only.text


def test_a_look_becomes_intent_of_the_account_with_its_receipt(site: Site) -> None:
    path = path_to(site.wired, H200)
    site.client.get(path, headers=CHROME)
    site.client.get(f"{path}.pdf", headers=CHROME)
    assert all(b"Mozilla" not in raw and b"127.0.0.1" not in raw for raw in site.raw())
    site.read_inbox()
    rows = site.rows(paper_view, "account_id", "person_id", "paper", "form", "theme", "machine")
    assert rows == [(H200, None, "papers/one-page", form, "overtime", None) for form in ("html", "pdf")]
    with begin_read(site.wired.engine) as conn:
        asked = asked_of(site.wired.files, site.wired.now)
        told = intent_at(conn, asked, H200)
        assert ranking(conn, asked)[H200].tenths == told.intent.tenths
    (theme,) = told.intent.themes
    (term,) = theme.terms
    assert (theme.theme, term.source, term.tenths) == ("overtime", "papers", 100)
    assert [each.view for each in told.of(term)] == [2, 1]
    assert told.intent.tenths == sum(each.tenths for one in told.intent.themes for each in one.terms)


@pytest.mark.parametrize("headers", MACHINES)
def test_machines_see_it_and_do_not_count(site: Site, headers: dict[str, str]) -> None:
    assert site.client.get(path_to(site.wired, H200), headers=headers).status_code == 200
    site.read_inbox()
    assert site.rows(paper_view, "machine") == ["known_agent"]
    with begin_read(site.wired.engine) as conn:
        assert not intent_at(conn, asked_of(site.wired.files, site.wired.now), H200).intent.tenths
        assert H200 not in ranking(conn, asked_of(site.wired.files, site.wired.now))


@pytest.mark.parametrize("headers", [{"sec-purpose": "prefetch"}, {"purpose": "prefetch"}, {"x-moz": "prefetch"}])
def test_what_is_fetched_ahead_or_asked_for_its_head_is_no_look(small_site: Site, headers: dict[str, str]) -> None:
    path = path_to(small_site.wired, H200)
    assert small_site.client.get(path, headers=CHROME | headers).status_code == 200
    assert small_site.client.head(path, headers=CHROME).status_code == 200
    assert small_site.raw() == []


def test_the_same_raw_look_read_twice_counts_once(site: Site) -> None:
    site.client.get(path_to(site.wired, H200), headers=CHROME)
    (raw,) = site.wired.inbox.take(10)
    site.read_inbox()
    site.wired.inbox.put("paper", raw.body, at=raw.at)
    site.read_inbox()
    assert len(site.rows(paper_view, "id")) == 1


def test_what_cannot_be_read_is_set_aside(site: Site) -> None:
    at = site.wired.now
    site.wired.inbox.put("paper", b'["x", 1]', at=at)
    assert site.read_inbox().aside == 1
    assert site.wired.inbox.counts().aside == {"paper: paper-form": 1}
    assert not site.rows(paper_view, "id")


def test_a_link_in_a_letter_is_a_click_of_its_reader(site: Site) -> None:
    for body in site.workspace.templates.glob("interest/first-checklist.*.txt"):
        body.write_text("{{ paper('one-page') }}\n\n" + body.read_text("utf-8"), "utf-8")
    site.wired.files.__dict__.pop("library", None)
    publish(site, "interest")
    who = site.add_person("hanako@aobadai.example", account_id=H200)
    key = site.add_letter(who)
    with begin_write(site.wired.engine) as conn:
        conn.execute(update(letter).where(letter.c.key == key).values(account_id=H200, granted_at=site.wired.now))
    token = site.token(key, link_named("one-page"))
    answer = site.client.get(f"/p/{token}", headers=CHROME)
    assert answer.status_code == 200 and "青葉台記念病院 御中" in answer.text
    site.read_inbox()
    react_now(site.wired)
    assert site.rows(activity, "kind", "content", "person_id", "letter_key") == [
        ("clicked", "papers/one-page", who, key)
    ]
    assert not site.rows(paper_view, "id")
    # Once the paper's time is over it is no click any more.
    with begin_write(site.wired.engine) as conn:
        conn.execute(update(letter).values(granted_at=datetime(2020, 1, 1, tzinfo=UTC)))
    assert site.client.get(f"/p/{token}", headers=CHROME).status_code == 410


def test_a_forged_link_is_nobodys(site: Site) -> None:
    path = path_to(site.wired, H200)
    for wrong in (
        path[:-1] + ("A" if path[-1] != "A" else "B"),
        "/p/x",
        "/p/" + "A" * 500,
        f"{path}.pdf"[:-5] + ".pdf",
    ):
        answer = site.client.get(wrong, headers=CHROME)
        assert answer.status_code == 404 and "アドレスが途中で切れて" in answer.text
    assert site.raw() == []


def test_a_link_whose_time_is_over_says_whom_to_ask(site: Site) -> None:
    token = sign_paper(site.wired.identity.secret, PaperToken(H200, "one-page", date(2020, 1, 1)))
    answer = site.client.get(f"/p/{token}", headers=CHROME)
    assert answer.status_code == 410 and "公開期間は終わりました" in answer.text
    assert "no longer open" in site.client.get(f"/p/{token}?lang=en", headers=CHROME).text
    assert site.raw() == []


def test_a_withdrawn_paper_is_not_shown_until_it_is_brought_back(site: Site) -> None:
    staff = site.workspace.folder / "staff.yaml"
    assert staff.is_file()
    path = path_to(site.wired, H200)
    withdraw_content(site.wired, "papers/one-page", "content", "sato")
    answer = site.client.get(path, headers=CHROME)
    assert answer.status_code == 410 and "内容を見直している" in answer.text and "御中" not in answer.text
    assert site.client.get(f"{path}.pdf", headers=CHROME).status_code == 410
    assert site.client.get(path_to(site.wired, H200, "qa"), headers=CHROME).status_code == 200
    # Letters that link to it went with it, and come back with it.
    assert {"papers/one-page", "play/claims-roi"} <= set(reinstate_content(site.wired, "papers/one-page"))
    assert site.client.get(path, headers=CHROME).status_code == 200


def test_the_paper_follows_what_is_known_of_the_account(site: Site) -> None:
    path = path_to(site.wired, H200)
    with begin_write(site.wired.engine) as conn:
        conn.execute(update(account).where(account.c.id == H200).values(beds=None))
    page = site.client.get(path, headers=CHROME).text
    assert "規模が私どもの記録にない" in page and "200床 × 0.6名" not in page


def test_a_link_for_a_person_says_so_until_they_are_erased(site: Site) -> None:
    who = site.add_person("rijicho@aobadai.example", account_id=H200, family_name="理事")
    path = path_to(site.wired, H200, person=who)
    site.client.get(path, headers=CHROME)
    site.read_inbox()
    assert site.rows(paper_view, "person_id") == [who]
    site.client.get(path, headers=CHROME)
    erased(site, "rijicho@aobadai.example")
    assert set(site.rows(paper_view, "person_id")) == {None}
    with begin_read(site.wired.inbox.engine) as conn:
        assert not conn.execute(inbox.select().where(inbox.c.kind == "paper")).all()
    site.client.get(path, headers=CHROME)
    site.read_inbox()
    assert set(site.rows(paper_view, "person_id")) <= {None, who}


def erased(site: Site, who: str) -> None:
    assert run(app, ["-w", str(site.workspace.folder), "person", "erase", who, "--yes"]) == 0
