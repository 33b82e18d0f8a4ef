"""Whatever is sent to the hook, signed or not: no 5xx, no traceback, taken whole or not at all, and readable after."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.tables.schema import delivery_event
from tests.hooks.signed import HOOK, event, headers_of, shown
from tests.web.site import Site, open_workspace, served
from tests.web.test_fuzz import SCALARS, VALUES, dumped, is_said

MANY = settings(max_examples=200, suppress_health_check=list(HealthCheck))
FIELDS = st.sampled_from([
    "email", "timestamp", "event", "sg_event_id", "sg_message_id", "hagukumi_key", "hagukumi_workspace", "reason",
    "status", "type", "response", "attempt", "url", "useragent", "ip", "sg_machine_open", "asm_group_id", "category",
    "bounce_classification", "surprise",
])  # fmt: skip
KINDS = st.sampled_from(["processed", "deferred", "delivered", "bounce", "dropped", "spamreport", "open", "click"])
KEY = "interest/a/1/p1/1"
ODD = st.dictionaries(FIELDS, VALUES, max_size=8)
HEADERS = st.dictionaries(
    st.sampled_from([
        "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp", "content-type", "origin",
        "content-encoding", "accept-language", "x-forwarded-for", "expect-nothing",
    ]),
    st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=120).map(lambda text: text.encode("latin-1")),
)  # fmt: skip


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One served workspace for all examples, with somebody who got a letter."""
    folder = tmp_path_factory.mktemp("fuzz") / "w"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HAGUKUMI_DATABASE_URL", raising=False)
        settings_ = f"sendgrid: {{verification_key: {shown()}}}"
        with served(open_workspace(folder, sendgrid=settings_)) as site:
            site.add_letter(site.add_person("hanako@aobadai.example"), key=KEY)
            yield site


def taken(site: Site, body: bytes, headers: dict[str, Any], log: pytest.LogCaptureFixture) -> bool:
    """Whether it was taken; if so it lies there byte by byte, and can be read."""
    log.clear()
    answer = site.client.post(HOOK, content=body, headers=headers)
    is_said(answer)
    assert not [record for record in log.records if record.levelno >= logging.ERROR or record.exc_info]
    assert site.raw() == ([body] if answer.status_code == 200 else [])
    return answer.status_code == 200


@MANY
@given(body=st.binary(max_size=300) | VALUES.map(dumped) | st.lists(ODD, max_size=3).map(dumped), headers=HEADERS)
def test_any_bytes_and_any_headers_without_a_signature(
    fuzzed: Site, caplog: pytest.LogCaptureFixture, body: bytes, headers: dict[str, Any]
) -> None:
    assert not taken(fuzzed, body, headers, caplog)


@MANY
@given(body=st.binary(max_size=300) | VALUES.map(dumped) | st.lists(VALUES, max_size=4).map(dumped))
def test_any_bytes_and_any_json_with_a_signature(fuzzed: Site, caplog: pytest.LogCaptureFixture, body: bytes) -> None:
    assert taken(fuzzed, body, headers_of(body), caplog)
    done = fuzzed.read_inbox()
    aside = fuzzed.wired.inbox.counts()
    assert done.read + done.aside == 1 and aside.waiting == 0
    assert not [why for why in aside.aside if "failed" in why], aside


@MANY
@given(odd=st.lists(st.tuples(KINDS, ODD), min_size=1, max_size=4), extra=SCALARS)
def test_nearly_right_events_are_all_kept(
    fuzzed: Site, caplog: pytest.LogCaptureFixture, odd: list[tuple[str, dict[str, Any]]], extra: Any
) -> None:
    events = [{**event(kind, KEY), "extra": extra, **more} for kind, more in odd]
    body = dumped(events)
    before = set(fuzzed.rows(delivery_event, "id"))
    assert taken(fuzzed, body, headers_of(body), caplog)
    fuzzed.read_inbox()
    waiting, _, aside = fuzzed.wired.inbox.counts()
    assert waiting == 0 and not [why for why in aside if "failed" in why], aside
    try:
        json.loads(body)
    except ValueError:
        return
    named = {each["sg_event_id"] for each in events if isinstance(each["sg_event_id"], str)}
    assert before | set(fuzzed.rows(delivery_event, "id")) >= {name for name in named if name.startswith("event-")}
