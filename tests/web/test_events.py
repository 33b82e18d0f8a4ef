"""Page views over HTTP: consent first, nothing half-stored, nothing unknown stored, whole batches or none."""

import json
import socket
from typing import Any

import pytest

from hagukumi.channels.web.events import MOST_EVENTS
from hagukumi.ticking import react_now
from hagukumi.words.web import FORGOTTEN, SAID
from models.tables.schema import activity, pending, task, visit, visitor
from tests.web.site import BROWSER, HOME, NOTICE, Site, batch, now, view


def test_a_visit_of_a_consenting_stranger_is_kept_without_the_browser_s_own_id(site: Site) -> None:
    answer = site.client.post("/v1/events", json=batch(view("a", "/pricing?utm=x#top"), view("b", "/unknown")))
    assert (answer.status_code, answer.json()) == (202, {"accepted": 2})
    assert all(BROWSER.encode() not in raw and b"utm" not in raw for raw in site.raw())
    assert site.read_inbox().read == 1
    assert site.rows(visit, "event", "kind", "content", "page", "notice_version") == [
        ("a", "visited", "pricing", "/pricing", NOTICE),
        ("b", "visited", None, "/unknown", NOTICE),
    ]
    assert site.rows(visitor, "person_id", "notice_version") == [(None, NOTICE)]
    assert site.rows(activity, "id") == [] and site.raw() == []


def test_without_consent_nothing_is_kept(site: Site) -> None:
    given = batch(view("a"))
    for consent, code in ((None, "consent"), ({"notice_version": "2020-01", "at": now()}, "notice-changed")):
        answer = site.client.post("/v1/events", json=given | {"consent": consent})
        assert answer.json()["error"]["code"] == code and answer.status_code == SAID[code].status
    assert site.raw() == []


def test_unknown_fields_are_ignored_and_never_stored(site: Site) -> None:
    given = batch(view("a", email="tanaka@aobadai.example", title="秘密"), name="田中", ip="203.0.113.9")
    assert site.client.post("/v1/events", json=given).status_code == 202
    assert all(b"tanaka" not in raw and "田中".encode() not in raw and b"203." not in raw for raw in site.raw())


def test_the_same_event_twice_counts_once(site: Site) -> None:
    given = batch(view("a"))
    for _ in range(3):
        site.client.post("/v1/events", json=given)
    site.read_inbox()
    assert site.rows(visit, "event") == ["a"]


WRONG: list[tuple[str, Any, str]] = [
    ("json", "{", ""),
    ("json", b"\xff\xfe", ""),
    ("json", '{"visitor": "\\ud800"}', ""),
    ("object", "[1]", ""),
    ("visitor", batch(view("a"), visitor="short"), "visitor"),
    ("link", batch(view("a"), link=5), "link"),
    ("events", batch(), "events"),
    ("too-many", batch(*(view(str(n)) for n in range(MOST_EVENTS + 1))), "events"),
    ("event", {**batch(), "events": [view("a"), 5]}, "events[1]"),
    ("event-id", batch(view("ä")), "events[0].id"),
    ("event-kind", batch(view("a", kind="paid")), "events[0].kind"),
    ("event-url", batch(view("a", url="https://other.example/")), "events[0].url"),
    ("event-content", batch(view("a", content="<b>")), "events[0].content"),
    ("event-about", batch({"id": "a", "kind": "download", "at": now()}), "events[0]"),
    ("instant", batch(view("a", at="2026-04-28T10:00:00")), "events[0].at"),
    ("too-large", batch(view("a", note="x" * 70_000)), ""),
]


@pytest.mark.parametrize(("code", "given", "where"), WRONG, ids=[f"{n}-{w[0]}" for n, w in enumerate(WRONG)])
def test_what_is_wrong_is_said_with_a_code_a_place_and_both_languages(
    small_site: Site, code: str, given: Any, where: str
) -> None:
    body = given if isinstance(given, str | bytes) else json.dumps(given)
    answer = small_site.client.post("/v1/events", content=body)
    error = answer.json()["error"]
    assert (error["code"], error.get("where", "")) == (code, where)
    assert answer.status_code == SAID[code].status and error["ja"] != error["en"]
    assert small_site.raw() == []


def test_only_our_sites_may_send(small_site: Site) -> None:
    client = small_site.client
    ours = client.post("/v1/events", json=batch(view("a")), headers={"origin": HOME})
    assert (ours.status_code, ours.headers["access-control-allow-origin"]) == (202, HOME)
    theirs = client.post("/v1/events", json=batch(view("b")), headers={"origin": "https://evil.example"})
    assert theirs.status_code == 403 and "access-control-allow-origin" not in theirs.headers
    asked = client.options("/v1/events", headers={"origin": HOME, "access-control-request-method": "POST"})
    assert asked.status_code == 204 and asked.headers["access-control-allow-methods"] == "POST"
    assert client.options("/v1/events", headers={"origin": "https://evil.example"}).status_code == 403
    assert len(small_site.raw()) == 1


def test_times_that_cannot_be_count_as_now(small_site: Site) -> None:
    given = batch(view("old", at="2001-01-01T00:00:00Z"), view("ahead", at="2999-01-01T00:00:00+09:00"))
    small_site.client.post("/v1/events", json=given)
    small_site.read_inbox()
    virtual = small_site.wired.now
    assert small_site.rows(visit, "at") == [virtual, virtual]


def test_a_tied_browser_s_views_are_the_person_s_and_withdrawal_deletes_them(site: Site) -> None:
    one = site.add_person("hanako@aobadai.example")
    form = {"email": "hanako@aobadai.example", "name": "青葉 花子", "company": "青葉台病院"}
    consent = {"hk_visitor": BROWSER, "hk_notice": NOTICE, "hk_at": now()}
    site.client.post("/v1/events", json=batch(view("before")))
    assert site.client.post("/v1/forms/contact", json=form | consent).status_code == 202
    site.client.post("/v1/events", json=batch(view("after", "/materials/overtime-summary")))
    site.read_inbox()
    told = [row for row in site.rows(activity, "person_id", "kind", "content") if row[1] == "visited"]
    assert told == [(one, "visited", "pricing"), (one, "visited", "overtime-summary")]
    assert site.rows(visit, "event") == [] and site.rows(visitor, "person_id", "tied_by") == [(one, "form")]

    assert site.client.post("/v1/withdraw", json={"visitor": BROWSER}).status_code == 202
    site.read_inbox()
    assert site.rows(visitor, "visitor") == []
    assert "visited" not in site.rows(activity, "kind")
    left = set(site.rows(activity, "id"))
    assert all(id_ is None or id_ in left for id_ in site.rows(pending, "activity_id"))


def test_after_withdrawal_no_task_tells_what_was_read(site: Site) -> None:
    form = {"email": "hanako@aobadai.example", "name": "青葉 花子", "company": "青葉台病院", "title": "事務長"}
    consent = {"hk_visitor": BROWSER, "hk_notice": NOTICE, "hk_at": now()}
    site.client.post("/v1/forms/roi-simulation", json=form | consent)
    seen = [view(f"{path[1]}{number}", path) for path in ("/pricing", "/contact", "/security") for number in range(4)]
    site.client.post("/v1/events", json=batch(*seen))
    site.read_inbox()
    react_now(site.wired)
    assert "料金" in str(site.rows(task, "reasons"))
    site.client.post("/v1/withdraw", json={"visitor": BROWSER})
    site.read_inbox()
    (said,) = site.rows(task, "reasons")
    assert "料金" not in str(said) and "price" not in str(said) and FORGOTTEN.ja in said[0]["args"]


def test_a_form_without_consent_ties_nobody(site: Site) -> None:
    form = {"email": "hanako@aobadai.example", "name": "青葉 花子"}
    site.client.post("/v1/events", json=batch(view("before")))
    site.client.post("/v1/forms/contact", json=form | {"hk_visitor": BROWSER, "hk_notice": "old", "hk_at": now()})
    site.read_inbox()
    assert site.rows(visitor, "person_id") == [None] and len(site.rows(visit, "event")) == 1


def test_a_body_whose_first_byte_never_comes_is_not_waited_for(
    small_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hagukumi.web.limits.read_body.__defaults__", (64_000, 0.3))
    head = b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"
    for begun in (b"", b"{"):
        with socket.create_connection(("127.0.0.1", small_site.port), 10) as client:
            client.sendall(head + begun)
            assert client.recv(100).startswith(b"HTTP/1.1 408")
