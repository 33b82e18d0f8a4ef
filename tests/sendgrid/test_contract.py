"""Every body that can be made fits Twilio's description of the API, unknown fields forbidden; and so says Prism."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from hagukumi.channels.sendgrid.message import body
from hagukumi.letters.message import Mailbox
from hagukumi.letters.transport import Accepted, Outgoing, Refused
from hagukumi.settings import SendGrid
from tests.faults.checks import wrong
from tests.sendgrid.contract import needs_description, schema_of_send
from tests.sendgrid.letters import letter, outlet

_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")),
        st.sampled_from("髙﨑院長様病床🏥👩‍⚕️(),;<>@\"'\\株式会社"),
    ),
    max_size=60,
)
_SOMETHING = _TEXT.map(lambda text: text + "。")
_ADDRESSES = st.from_regex(r"[a-z][a-z0-9.+-]{0,20}[a-z0-9]@[a-z][a-z0-9-]{0,10}[a-z]\.(example|jp)", fullmatch=True)
_MAILBOXES = st.builds(Mailbox, _TEXT, _ADDRESSES)
_KEYS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=200)


@st.composite
def calls(draw: st.DrawFn) -> list[Outgoing]:
    """Letters of one call, one to two hundred."""
    first = letter(
        draw(_KEYS),
        subject=draw(_SOMETHING),
        text=draw(_SOMETHING),
        html=f"<p>{draw(_SOMETHING)}</p>",
        sender=draw(_MAILBOXES),
        reply_to=draw(st.none() | _MAILBOXES),
        recipient=draw(_MAILBOXES),
        klass=draw(st.sampled_from(["nurture", "play", "personal", "notice", "apology"])),
        scenario=draw(st.none() | _SOMETHING),
        refuse_url=draw(st.none() | st.sampled_from(["https://x.example/r?t=1", "http://127.0.0.1/r"])),
    )
    more = draw(st.one_of(st.just(0), st.integers(0, 199)))
    return [first] + [
        first._replace(key=f"{first.key}/{number}", recipient=Mailbox(first.recipient.name, f"p{number}@many.example"))
        for number in range(more)
    ]


_SETTINGS = st.builds(SendGrid, asm_group=st.integers(0, 99_999), sandbox=st.booleans())
_WORKSPACES = st.sampled_from(["", "0190aaaa-bbbb"])


@pytest.fixture(scope="module")
def contract() -> Draft202012Validator:
    return Draft202012Validator(schema_of_send(), format_checker=FormatChecker(["email"]))


@needs_description
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(letters=calls(), options=_SETTINGS, workspace=_WORKSPACES)
def test_every_body_fits_the_description_and_what_sendgrid_looks_at(
    contract: Draft202012Validator, letters: list[Outgoing], options: SendGrid, workspace: str
) -> None:
    made: dict[str, Any] = json.loads(body(letters, options, workspace))
    contract.validate(made)
    assert wrong(made) == []


@needs_description
@pytest.mark.parametrize(
    "spoil",
    [
        lambda made: made.update(sent_at=1),
        lambda made: made["personalizations"][0].update(bbc=[]),
        lambda made: made["personalizations"][0]["to"][0].update(nmae="x"),
        lambda made: made["tracking_settings"]["open_tracking"].update(enabled=False),
        lambda made: made.update(custom_args={"hagukumi_key": "k"}),
        lambda made: made.update(subject=""),
        lambda made: made.pop("from"),
        lambda made: made.update(categories=["a"] * 11),
    ],
)
def test_the_contract_notices_what_is_misspelled_or_missing(contract: Draft202012Validator, spoil: Any) -> None:
    made = json.loads(body([letter("k")], SendGrid(), "w"))
    spoil(made)
    assert not contract.is_valid(made)


@pytest.fixture
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAGUKUMI_SENDGRID_KEY", "SG.any")


@pytest.mark.usefixtures("_key")
@pytest.mark.parametrize(
    ("changed", "options"),
    [
        ({}, {}),
        ({"reply_to": Mailbox("返信係", "r@example.com"), "subject": "🏥 病床👩‍⚕️"}, {"asm_group": 12}),
        ({"klass": "apology", "refuse_url": None, "scenario": None}, {"asm_group": 12}),
        ({"recipient": Mailbox("Example Co., Ltd.", "info@日本語.example")}, {}),
    ],
)
def test_prism_takes_our_calls(prism: str, tmp_path: Path, changed: dict[str, Any], options: dict[str, Any]) -> None:
    asked = outlet(prism, tmp_path, answer_within=20, **options)
    assert asked.call([letter("a/1", **changed)]) == [Accepted("accepted")]


@pytest.mark.usefixtures("_key")
def test_prism_takes_two_hundred_recipients_in_one_call(prism: str, tmp_path: Path) -> None:
    letters = [letter(f"k/{number}") for number in range(200)]
    assert outlet(prism, tmp_path, answer_within=20).call(letters) == [Accepted("accepted")] * 200


@pytest.mark.usefixtures("_key")
def test_prism_refuses_what_the_description_forbids(prism: str, tmp_path: Path) -> None:
    (said,) = outlet(prism, tmp_path, answer_within=20).call([letter("k", subject="")])
    assert isinstance(said, Refused)
    assert (said.code, said.permanent) == ("400", True)


def test_prism_forbids_fields_that_the_description_does_not_name(prism: str) -> None:
    made = json.loads(body([letter("k")], SendGrid(), "w"))
    headers = {"Authorization": "Bearer SG.any"}
    taken = httpx.post(f"{prism}/v3/mail/send", json=made, headers=headers, trust_env=False)
    made["personalizations"][0]["sent_at"] = 1
    refused = httpx.post(f"{prism}/v3/mail/send", json=made, headers=headers, trust_env=False)
    assert (taken.status_code, refused.status_code) == (202, 400)
    assert "sent_at" in refused.headers["sl-violations"]
