"""RFC 8058 over real HTTP: a POST acts at once, twice is once, and nothing else ever refuses."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from models.tables.engine import begin_write
from models.tables.keys import keyed_hash
from models.tables.schema import activity, inbox, person, refusal
from tests.refusing.readers import ADDRESS, ONE_CLICK, Reader
from tests.web.site import Site

ALL_MAIL = ("mail", None, "unsubscribed", "link")


def test_one_click_refuses_at_once_without_login_or_cookie(reader: Reader) -> None:
    answer = reader.clicks()
    assert answer.status_code == 200 and "set-cookie" not in answer.headers
    assert answer.headers["content-type"].startswith("text/plain") and "unsubscribed" in answer.text
    assert reader.refusals() == [ALL_MAIL]
    assert reader.site.rows(inbox, "kind") == [], "nothing waits for a loop: the next letter looks at this very row"


def test_the_refusal_is_kept_by_mailbox_and_by_person(reader: Reader) -> None:
    reader.clicks()
    hashed = keyed_hash(reader.site.wired.identity.secret, ADDRESS)
    assert reader.site.rows(refusal, "address_hash", "person_id") == [(hashed, reader.id)]


def test_the_engine_hears_of_it_and_of_which_letter(reader: Reader) -> None:
    reader.clicks()
    assert reader.told() == [("refused", "unsubscribed", reader.letter)]


def test_one_click_twice_is_one_refusal(reader: Reader) -> None:
    assert [reader.clicks().status_code for _ in range(3)] == [200, 200, 200]
    assert reader.refusals() == [ALL_MAIL] and len(reader.told()) == 1


def test_many_at_the_same_moment_are_one_refusal(reader: Reader) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as programs:
        answers = list(programs.map(lambda _: reader.clicks().status_code, range(8)))
    assert answers == [200] * 8
    assert reader.refusals() == [ALL_MAIL] and len(reader.told()) == 1


def test_one_click_as_multipart(small_reader: Reader) -> None:
    answer = small_reader.site.client.post(small_reader.path, files={"List-Unsubscribe": (None, "One-Click")})
    assert answer.status_code == 200 and small_reader.refusals() == [ALL_MAIL]


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"a=b", b"{}", b"&" * 500])
def test_whatever_is_posted_to_a_true_link_means_no_more_mail(small_reader: Reader, body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = small_reader.site.client.post(small_reader.path, content=body, headers=headers)
    assert answer.status_code == 200 and small_reader.refusals() == [ALL_MAIL]


def test_a_post_from_a_page_of_another_site_counts(small_reader: Reader) -> None:
    """Webmail posts from its own pages; there is nothing to gain from refusing for somebody but their silence."""
    headers = {"origin": "https://webmail.example", "referer": "https://webmail.example/"}
    answer = small_reader.site.client.post(small_reader.path, data=ONE_CLICK, headers=headers)
    assert answer.status_code == 200 and small_reader.refusals() == [ALL_MAIL]


def test_looking_refuses_nothing(reader: Reader) -> None:
    """Scanners of mail gateways follow every link, with every method that is meant for looking."""
    client = reader.site.client
    for agent in ("Mozilla/5.0", "BarracudaCentral", "Mimecast", "Microsoft Office Protected View", ""):
        for method in ("GET", "HEAD"):
            answer = client.request(method, reader.path, headers={"user-agent": agent})
            assert answer.status_code == 200 and (method == "GET") == bool(answer.content)
        for query in ("?List-Unsubscribe=One-Click", "?all=1", "?some=1&topic=overtime"):
            assert client.get(reader.path + query, headers={"user-agent": agent}).status_code == 200
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        assert client.request(method, reader.path, params=ONE_CLICK).status_code in (404, 405)
    assert reader.refusals() == [] and reader.told() == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1, max_size=90))
def test_a_forged_token_is_answered_with_a_calm_page(small_site: Site, token: str) -> None:
    from urllib.parse import quote

    if token in (".", ".."):
        return
    path = f"/refuse/{quote(token, safe='')}"
    for answer in (small_site.client.get(path), small_site.client.post(path, data=ONE_CLICK)):
        assert answer.status_code in (404, 429) and "Traceback" not in answer.text
        assert answer.headers["content-type"].startswith("text/html")
    assert small_site.rows(refusal, "id") == []


def test_who_tries_forged_tokens_is_slowed_down_and_true_links_still_work(small_reader: Reader) -> None:
    answers = {small_reader.site.client.get(f"/refuse/{n}").status_code for n in range(80)}
    assert answers == {404, 429}
    assert small_reader.clicks().status_code == 200 and small_reader.refusals() == [ALL_MAIL]


def test_a_body_without_end_is_not_read(small_reader: Reader) -> None:
    answer = small_reader.site.client.post(small_reader.path, content=b"a" * 70_000)
    assert answer.status_code == 413 and small_reader.refusals() == []


def test_the_link_of_a_test_letter_refuses_nothing(small_site: Site) -> None:
    for answer in (small_site.client.get("/refuse/test"), small_site.client.post("/refuse/test", data=ONE_CLICK)):
        assert answer.status_code == 200 and "テスト" in answer.text
    assert small_site.rows(refusal, "id") == []


def test_it_works_after_erasure(reader: Reader) -> None:
    """The person's row was emptied; the letter still knows the mailbox by its hash."""
    site = reader.site
    hashed = keyed_hash(site.wired.identity.secret, ADDRESS)
    with begin_write(site.wired.engine) as conn:
        conn.exec_driver_sql(f"UPDATE letter SET address_hash = '{hashed}'")
        gone = update(person).where(person.c.id == reader.id)
        conn.execute(gone.values(email=None, email_norm=None, family_name=None, key="gone"))
    assert reader.clicks().status_code == 200
    assert site.rows(refusal, "channel", "address_hash", "person_id") == [("mail", hashed, reader.id)]


def test_of_a_merged_person_all_mailboxes_are_silent(reader: Reader) -> None:
    site = reader.site
    other = site.add_person("taro.yamada@aobadai.example", family_name="山田")
    with begin_write(site.wired.engine) as conn:
        conn.execute(update(person).where(person.c.id == reader.id).values(merged_into=other))
    reader.clicks()
    secret = site.wired.identity.secret
    hashes = {keyed_hash(secret, box) for box in (ADDRESS, "taro.yamada@aobadai.example")}
    rows = site.rows(refusal, "address_hash", "person_id")
    assert {box for box, _ in rows} == hashes and {who for _, who in rows} == {other}
    assert site.rows(activity, "person_id") == [other]


def test_a_letter_that_nobody_knows_any_more_is_put_before_a_person(reader: Reader) -> None:
    """After a restore letters may be missing that were sent: what is said about them must not be lost."""
    site = reader.site
    with begin_write(site.wired.engine) as conn:
        conn.exec_driver_sql("DELETE FROM letter")
    assert reader.looks().status_code == 404
    assert reader.clicks().status_code == 202
    site.read_inbox()
    assert site.wired.inbox.counts().aside == {"refusal: refusal-letter": 1}


def test_while_the_database_is_busy_it_lies_in_the_inbox_and_counts_before_the_next_letter(
    small_reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hagukumi.ticking import honour_refusals
    from hagukumi.web import refusing

    monkeypatch.setattr(refusing, "PATIENCE_MS", 50)
    site = small_reader.site
    with begin_write(site.wired.engine):
        answer = small_reader.clicks()
    assert answer.status_code == 202 and small_reader.refusals() == []
    assert honour_refusals(site.wired) == 1
    assert small_reader.refusals() == [ALL_MAIL] and site.raw() == []
    assert honour_refusals(site.wired) == 0


def test_what_lies_in_the_inbox_is_read_by_the_loop_too(reader: Reader) -> None:
    from hagukumi.channels.refusing import Asked, body_of

    site = reader.site
    site.wired.inbox.put("refusal", body_of(reader.letter, Asked(("mail",))), at=datetime.now(UTC))
    site.wired.inbox.put("refusal", b"nonsense", at=datetime.now(UTC))
    site.read_inbox()
    assert reader.refusals() == [ALL_MAIL]
    assert site.wired.inbox.counts().aside == {"refusal: refusal-form": 1}


def test_headers_of_every_page(small_reader: Reader) -> None:
    answer: httpx.Response = small_reader.looks()
    assert answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "no-referrer"
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-robots-tag"] == "noindex"
