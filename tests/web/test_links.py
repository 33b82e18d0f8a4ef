"""Signed links: where they lead, what counts as a click, and what a forged one shows."""

import re

import pytest
from sqlalchemy.exc import OperationalError

from hagukumi.ticking import react_now
from models.tables.schema import activity, visit, visitor
from tests.web.site import BROWSER, Site, batch, publish, view

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
SUMMARY = "https://hagukumi.example/materials/overtime-summary"


def a_letter(site: Site) -> str:
    publish(site, "interest")
    return site.add_letter(site.add_person("hanako@aobadai.example"))


def test_a_click_is_noted_and_the_reader_goes_on(site: Site) -> None:
    key = a_letter(site)
    token = site.token(key, "summary")
    answer = site.client.get(f"/l/{token}", headers={"user-agent": CHROME})
    assert (answer.status_code, answer.headers["location"]) == (302, f"{SUMMARY}?hk={token}")
    assert answer.headers["referrer-policy"] == "no-referrer" and "set-cookie" not in answer.headers
    assert all(b"Mozilla" not in raw for raw in site.raw())
    site.read_inbox()
    assert site.rows(activity, "kind", "content", "letter_key", "detail") == [
        ("clicked", "overtime-summary", key, {"agent": "browser", "link": "summary"})
    ]


def test_links_of_a_version_lead_where_it_says_whatever_the_files_say_now(site: Site) -> None:
    key = a_letter(site)
    sheet = site.workspace.templates / "interest" / "first-checklist.yaml"
    sheet.write_text(sheet.read_text("utf-8").replace("materials/overtime-summary", "elsewhere"), "utf-8")
    answer = site.client.get(f"/l/{site.token(key, 'summary')}")
    assert answer.headers["location"].startswith(SUMMARY)


def test_machines_are_known_by_their_name(site: Site) -> None:
    key = a_letter(site)
    site.client.get(f"/l/{site.token(key, 'summary')}", headers={"user-agent": "Barracuda Sentinel (EE)"})
    site.read_inbox()
    react_now(site.wired)
    (detail,) = site.rows(activity, "detail")
    assert detail["agent"] == "Barracuda Sentinel (EE)"


@pytest.mark.parametrize(
    "headers", [{"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}, {"x-moz": "prefetch"}]
)
def test_what_is_fetched_ahead_is_no_click(small_site: Site, headers: dict[str, str]) -> None:
    token = small_site.token(a_letter(small_site), "summary")
    assert small_site.client.get(f"/l/{token}", headers=headers).status_code == 302
    assert small_site.client.head(f"/l/{token}").status_code == 302
    assert small_site.raw() == []


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_link_that_is_not_ours_shows_a_friendly_page(small_site: Site, lang: str) -> None:
    key = a_letter(small_site)
    sound = small_site.token(key, "summary")
    unknown = [small_site.token(key, "nothing"), small_site.token("nobody/1", "summary")]
    for token in ("x", sound[:-2] + "zz", sound.swapcase(), "%00", "é" * 50, *unknown):
        answer = small_site.client.get(f"/l/{token}", headers={"accept-language": lang})
        assert answer.status_code == 404
        assert re.search(f'<html lang="{lang}">', answer.text) and key not in answer.text
    assert small_site.raw() == []


def test_a_link_ties_a_browser_that_consented_and_the_first_one_counts(site: Site) -> None:
    key = a_letter(site)
    other = site.add_letter(site.add_person("taro@aobadai.example"), key="interest/a/1/p2/2")
    site.client.post("/v1/events", json=batch(view("stranger")))
    site.read_inbox()
    assert site.rows(visit, "event") == ["stranger"]
    site.client.post("/v1/events", json=batch(view("a"), link=site.token(key, "summary")))
    site.client.post("/v1/events", json=batch(view("b"), link=site.token(other, "summary")))
    site.client.post("/v1/events", json=batch(view("c"), link="forged", visitor="e" * 32))
    site.read_inbox()
    (first,) = {row[0] for row in site.rows(activity, "person_id", "kind") if row[1] == "visited"}
    assert [row[1] for row in site.rows(visitor, "person_id", "tied_by") if row[0] == first] == ["link"]
    assert sorted(source.split(":")[2] for source in site.rows(activity, "source_id")) == ["a", "b", "stranger"]
    assert site.rows(visit, "event") == ["c"] and BROWSER not in str(site.rows(visitor, "visitor"))


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_database_that_is_away_is_told_in_words(small_site: Site, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    def away(*_: object) -> None:
        raise OperationalError("", {}, Exception())

    token = small_site.token(a_letter(small_site), "summary")
    monkeypatch.setattr("hagukumi.web.links.begin_read", away)
    monkeypatch.setattr("hagukumi.web.pages.begin_read", away)
    answer = small_site.client.get(f"/l/{token}", headers={"accept-language": lang})
    assert answer.status_code == 503 and f'<html lang="{lang}">' in answer.text
    answer = small_site.client.get("/healthz")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "busy")
