"""Any bytes as incoming mail, by HTTP and by the reader; any parts as a letter: no 5xx, no traceback, no half."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hagukumi.letters.limits import CannotRender
from hagukumi.letters.message import Mailbox, compose_bytes
from hagukumi.letters.render import Rendered
from hagukumi.web.inbound import hook_secret
from models.tables.schema import inbound_mail
from tests.letters.test_message import AT, KEY
from tests.web.site import Site, open_workspace, served
from tests.web.test_fuzz import is_said

MANY = settings(max_examples=100, suppress_health_check=list(HealthCheck))
LINES = st.sampled_from([
    b"From: a@b.example", b"From: \xff\xfe", b"To: p1@aoba.example", b"Subject: =?iso-2022-jp?B?GyRC?=",
    b"Subject: \x00",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=x", b"Content-Type: text/plain; charset=x",
    b"Content-Transfer-Encoding: base64", b"X-Hagukumi-Key: interest/a/1/p1/1", b"Message-ID: <1@x>",
    b"In-Reply-To: <>",
    b"Auto-Submitted: auto-replied", b"Date: Mon, 99 Foo", b"--x", b"", b"Status: 5.1.1", b"Final-Recipient: rfc822;",
    b"Content-Type: message/delivery-status", b"Action: failed", b"X-Failed-Recipients: \xe3\x81",
])  # fmt: skip
MAILS = st.binary(max_size=400) | st.tuples(st.lists(LINES, max_size=20), st.binary(max_size=200)).map(
    lambda told: b"\r\n".join(told[0]) + b"\r\n\r\n" + told[1]
)
FIELDS = st.sampled_from(["email", "from", "headers", "text", "html", "charsets", "attachments", "attachment1", "x"])
TEXTS = st.text(st.characters(), max_size=80)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One served workspace for all examples, with somebody who got a letter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HAGUKUMI_DATABASE_URL", raising=False)
        with served(open_workspace(tmp_path_factory.mktemp("fuzz") / "w")) as site:
            site.add_letter(site.add_person("p1@aoba.example"))
            yield site


def read_all(site: Site) -> None:
    """Nothing is left lying, and nothing failed in a way that was not foreseen."""
    site.read_inbox()
    waiting, _, aside = site.wired.inbox.counts()
    assert waiting == 0 and not aside, aside


@MANY
@given(mail=MAILS)
def test_any_mail_is_read_whole_or_is_known_already(fuzzed: Site, mail: bytes) -> None:
    before = len(fuzzed.rows(inbound_mail, "id"))
    fuzzed.wired.inbox.put("mail", mail, at=fuzzed.wired.now)
    read_all(fuzzed)
    assert len(fuzzed.rows(inbound_mail, "id")) - before in (0, 1)


@MANY
@given(
    form=st.dictionaries(FIELDS, MAILS, max_size=4), body=st.binary(max_size=200), plain=st.booleans(),
    media=st.sampled_from(["multipart/form-data", "multipart/form-data; boundary=x", "application/json", "", "\xff"]),
)  # fmt: skip
def test_any_post_to_the_hook_for_mail(
    fuzzed: Site, caplog: pytest.LogCaptureFixture, form: dict[str, bytes], body: bytes, plain: bool, media: str
) -> None:
    caplog.clear()
    path = "/hooks/inbound/sendgrid/" + hook_secret(fuzzed.wired.identity.secret)
    sent: dict[str, Any] = {"files": {name: (None, value) for name, value in form.items()}}
    if plain or not form:
        sent = {"content": body, "headers": {"content-type": media.encode("latin-1")}}
    answer = fuzzed.client.post(path, **sent)
    is_said(answer)
    assert len(fuzzed.raw()) == (answer.status_code == 200)
    read_all(fuzzed)
    # python_multipart logs a missing boundary as an error of its own.
    ours = [record for record in caplog.records if record.name.startswith("hagukumi") or record.exc_info]
    assert not [record for record in ours if record.levelno >= logging.ERROR]


@MANY
@given(subject=TEXTS, text=TEXTS, html=TEXTS, name=TEXTS, address=TEXTS, key=TEXTS, refuse=TEXTS)
def test_any_parts_make_a_message_or_are_refused_by_name(
    subject: str, text: str, html: str, name: str, address: str, key: str, refuse: str
) -> None:
    rendered = Rendered(subject, text, html, (), "hash")
    for recipient, link in ((Mailbox(name, address), refuse), (Mailbox(name, "p1@aoba.example"), None)):
        try:
            made = compose_bytes(rendered, Mailbox("佐藤", "sato@mihon.example"), recipient, key or KEY, AT, link)
        except CannotRender as trouble:
            assert trouble.reason in ("control_character", "bad_address", "bad_link")
            continue
        assert made.endswith(b"\n") and b"\r" not in made
