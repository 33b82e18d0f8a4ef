"""Forms over HTTP: leads by the code of imports, consent with its evidence, strangers who type others' addresses."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from hagukumi.ticking import react_now
from models.tables.schema import account, activity, consent, pending, person, task, visitor
from tests.web.site import HOME, Site, batch, now, open_workspace, publish, served, until, view

CONTACT = "/v1/forms/contact"
HANAKO = {"name": "青葉 花子", "email": "Hanako@Aobadai.example", "company": "青葉台病院", "title": "事務長"}
PLAIN = {"accept-language": "en"}


def test_a_post_becomes_a_lead_with_the_form_s_activity(site: Site) -> None:
    answer = site.client.post(CONTACT, json=HANAKO)
    assert (answer.status_code, answer.json()) == (202, {"accepted": True})
    assert site.read_inbox().read == 1
    rows = site.rows(person, "family_name", "given_name", "email_norm", "title", "role", "stage", "source")
    assert rows == [("青葉", "花子", "hanako@aobadai.example", "事務長", "decision_maker", "lead", "form:contact")]
    assert site.rows(account, "name") == ["青葉台病院"]
    assert site.rows(activity, "kind", "content") == [("arrived", None), ("submitted", "contact")]
    # Both stand in the queue for now: the engine meets them with its next look.
    assert site.rows(pending, "at") == [site.wired.now] * 2
    assert site.rows(consent, "id") == []


def test_the_rules_of_imports_hold(site: Site) -> None:
    site.client.post(CONTACT, json=HANAKO | {"email": "hanako@gmail.com", "title": ""})
    site.read_inbox()
    assert site.rows(person, "stage", "ng_reason") == [("ng", "free_mail")]


def test_the_ticked_box_is_kept_with_what_was_shown(site: Site) -> None:
    page = {"hk_page": "https://hagukumi.example/contact?a=1", "hk_lang": "ja"}
    site.client.post(CONTACT, data=HANAKO | page | {"letters": "on"})
    site.read_inbox()
    form = site.wired.files.forms["contact"]
    rows = site.rows(consent, "channel", "ground", "got_where", "page", "purpose_version", "wording_hash", "source")
    assert rows == [
        ("mail", "consent", "contact", f"{HOME}/contact", "2026-04", form.wording_hash("ja"), "form:contact")
    ]
    assert form.wording_hash("ja") != form.wording_hash("en")


def test_a_browser_is_led_to_the_thanks_page_or_thanked(small_site: Site) -> None:
    answer = small_site.client.post(CONTACT, data=HANAKO, headers=PLAIN)
    assert answer.status_code == 200 and "Thank you" in answer.text
    file = small_site.workspace.scenarios / "rules" / "forms.yaml"
    text = file.read_text("utf-8")
    file.write_text(
        text.replace("content: contact\n", "content: contact\n    thanks: https://hagukumi.example/thanks\n")
    )

    def led() -> bool:
        found = small_site.client.post(CONTACT, data=HANAKO)
        return found.status_code == 303 and found.headers["location"] == "https://hagukumi.example/thanks"

    assert until(led)


def test_faults_are_said_input_by_input(small_site: Site) -> None:
    answer = small_site.client.post(CONTACT, json={"email": "x@", "company": "青葉"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (422, "form-refused")
    assert {(each["input"], each["code"]) for each in error["details"]} == {
        ("email", "import.email"),
        ("name", "import.required"),
    }
    shown = small_site.client.post(CONTACT, data={"email": "x@", "name": "a"}, headers=PLAIN)
    assert shown.status_code == 422 and "mail address" in shown.text and "<form" not in shown.text
    assert small_site.raw() == []


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"json": {"email": ["a"]}}, 422, "form-value"),
        ({"json": {"name": "x" * 2_001}}, 422, "form-long"),
        ({"json": {f"f{n}": "" for n in range(101)}}, 422, "form-inputs"),
        ({"content": b"name=\xff", "headers": {"content-type": "application/x-www-form-urlencoded"}}, 400, None),
        ({"files": {"a": b"1"}}, 415, "media"),
        ({"json": HANAKO, "headers": {"origin": "https://evil.example"}}, 403, "origin"),
    ],
)
def test_what_is_no_form_is_refused(small_site: Site, given: dict[str, Any], status: int, code: str | None) -> None:
    answer: httpx.Response = small_site.client.post(CONTACT, **given)
    assert answer.status_code == status
    assert code is None or answer.json()["error"]["code"] == code
    assert small_site.raw() == []


def test_there_is_no_other_form(small_site: Site) -> None:
    assert small_site.client.post("/v1/forms/other", json=HANAKO).json()["error"]["code"] == "form-unknown"


def test_a_machine_that_fills_the_trap_is_thanked_and_forgotten(small_site: Site) -> None:
    assert small_site.client.post(CONTACT, json=HANAKO | {"hk_website": "http://x"}).status_code == 202
    assert small_site.raw() == []


def test_one_source_may_not_post_without_end(
    tables_on_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", tables_on_sqlite)
    with served(open_workspace(tmp_path / "w", web="web: {forms_per_minute: 3}")) as site:
        codes = [site.client.post(CONTACT, json=HANAKO).status_code for _ in range(5)]
    assert codes == [202, 202, 202, 429, 429]


def test_a_stranger_cannot_rewrite_somebody_we_know(site: Site) -> None:
    site.add_person("hanako@aobadai.example", family_name="青葉", title="事務長", phone_main="03-0000-0001")
    told = HANAKO | {"name": "別人 太郎", "title": "学生", "phone": "03-9999-9999", "department": "医事課"}
    site.client.post(CONTACT, json=told)
    site.read_inbox()
    (row,) = site.rows(person, "family_name", "title", "phone_main", "department", "role_source")
    assert row == ("青葉", "事務長", "03-0000-0001", "医事課", "rules")
    assert ("submitted", "contact") in site.rows(activity, "kind", "content")


def test_each_post_counts_once_and_two_posts_count_twice(site: Site) -> None:
    for given in (HANAKO, HANAKO | {"phone": "03-0000-0000"}):
        site.client.post(CONTACT, json=given)
    raws = site.wired.inbox.take(10)
    site.read_inbox()
    # As after a crash between the commit and the forgetting.
    site.wired.inbox.put_many([(raw.kind, raw.body, raw.at) for raw in raws])
    site.read_inbox()
    assert [kind for kind in site.rows(activity, "kind") if kind == "submitted"] == ["submitted"] * 2
    assert len(site.rows(person, "id")) == 1


def test_a_form_ties_the_browser_anew(site: Site) -> None:
    first = site.add_person("first@aobadai.example")
    second = site.add_person("second@aobadai.example")
    tie = {"hk_visitor": "f" * 32, "hk_notice": "2026-04", "hk_at": now(), "name": "青葉"}
    for address, who in (("first@aobadai.example", first), ("second@aobadai.example", second)):
        site.client.post(CONTACT, json={"email": address, **tie})
        site.client.post("/v1/events", json=batch(view(address[:5]), visitor="f" * 32))
        site.read_inbox()
        assert site.rows(visitor, "person_id") == [who]
    assert [row for row in site.rows(activity, "person_id", "kind") if row[1] == "visited"] == [
        (first, "visited"),
        (second, "visited"),
    ]


def test_a_form_that_makes_a_jump_is_a_task_for_inside_sales(site: Site) -> None:
    publish(site, "interest")
    site.client.post(CONTACT, json=HANAKO | {"letters": "on"})
    site.client.post("/v1/forms/roi-simulation", json=HANAKO)
    site.read_inbox()
    assert react_now(site.wired).tasks == 1
    assert site.rows(task, "desk", "state") == [("IS", "open")]


def test_the_same_form_twice_in_a_row_is_one_post(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hagukumi.channels.web.forms.SAME_POST", timedelta(days=36_500))
    for given in (HANAKO, HANAKO, HANAKO | {"title": "院長"}):
        assert site.client.post(CONTACT, json=given).status_code == 202
    site.read_inbox()
    assert site.rows(activity, "kind") == ["arrived", "submitted", "submitted"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "こちらをご覧ください https://evil.example"}, "form-link"),
        ({"company": "http：//evil.example"}, "form-link"),
        ({"name": "長" * 101}, "import.too_long"),
    ],
)
def test_what_our_letters_would_carry_to_others_is_no_name(small_site: Site, given: dict[str, str], code: str) -> None:
    answer = small_site.client.post(CONTACT, json=HANAKO | given)
    assert answer.status_code == 422
    assert [each["code"] for each in answer.json()["error"]["details"]] == [code]
    assert small_site.raw() == []


def test_marks_that_turn_the_direction_of_writing_are_left_out(small_site: Site) -> None:
    small_site.client.post(CONTACT, json=HANAKO | {"name": "\u202e青葉 \u200f花子\u2066"})
    small_site.read_inbox()
    assert small_site.rows(person, "family_name", "given_name") == [("青葉", "花子")]
