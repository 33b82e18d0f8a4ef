"""Whatever is sent: no 5xx, an answer in words, and nothing stored unless it was accepted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.site import NOTICE, Site, batch, open_workspace, served, view

HOSTILE = st.sampled_from(
    ["", "\x00", "\ud800", "'; DROP TABLE visit;--", "<script>", "../../etc/passwd", "9" * 400, "A" * 3_000, "🀄" * 50]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | HOSTILE
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["visitor", "consent", "events", "link", "id", "kind", "url", "content", "at", "notice_version"])
THINGS = st.dictionaries(KEYS, VALUES, max_size=6)
INPUTS = st.sampled_from(
    ["name", "email", "company", "letters", "hk_visitor", "hk_notice", "hk_at", "hk_page", "hk_lang"]
)
MANY = settings(max_examples=150, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One served workspace for all examples."""
    folder: Path = tmp_path_factory.mktemp("fuzz") / "w"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HAGUKUMI_DATABASE_URL", raising=False)
        with served(open_workspace(folder, web="web: {forms_per_minute: 100000}")) as site:
            yield site


def is_said(answer: Any) -> None:
    assert answer.status_code < 500
    if answer.status_code >= 400 and answer.headers["content-type"] == "application/json":
        error = answer.json()["error"]
        assert error["code"] and error["ja"] and error["en"]


def read_all(site: Site) -> None:
    """Whatever was accepted can be read."""
    done = site.read_inbox()
    assert done.aside == 0, site.wired.inbox.counts()


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


@MANY
@given(body=st.binary(max_size=200) | VALUES.map(dumped) | THINGS.map(dumped))
def test_any_body(fuzzed: Site, body: bytes) -> None:
    for path in ("/v1/events", "/v1/withdraw", "/v1/forms/contact"):
        is_said(fuzzed.client.post(path, content=body, headers={"content-type": "application/json"}))
    read_all(fuzzed)


@MANY
@given(event=THINGS, where=st.sampled_from(["visitor", "consent", "link", "events"]), value=VALUES)
def test_nearly_right_batches_are_taken_whole_or_not_at_all(fuzzed: Site, event: Any, where: str, value: Any) -> None:
    for given_ in (batch(view("a"), {**view("b"), **event}), batch(view("a"), view("c")) | {where: value}):
        answer = fuzzed.client.post("/v1/events", content=dumped(given_))
        is_said(answer)
        lying = fuzzed.raw()
        assert len(lying) == (1 if answer.status_code == 202 else 0)
        read_all(fuzzed)


@MANY
@given(more=st.dictionaries(INPUTS, SCALARS, max_size=6), urlencoded=st.booleans())
def test_any_form(fuzzed: Site, more: dict[str, Any], urlencoded: bool) -> None:
    post = {"name": "青葉 花子", "email": "hanako@aobadai.example", "hk_notice": NOTICE, **more}
    if urlencoded:
        data = {name: str(value).encode("utf-8", "replace") for name, value in post.items()}
        is_said(fuzzed.client.post("/v1/forms/contact", data=data))
    else:
        headers = {"content-type": "application/json"}
        is_said(fuzzed.client.post("/v1/forms/contact", content=dumped(post), headers=headers))
    read_all(fuzzed)


@MANY
@given(
    token=st.text(st.characters(codec="utf-8"), max_size=60),
    headers=st.dictionaries(
        st.sampled_from(["user-agent", "accept-language", "purpose", "origin", "content-type", "x-forwarded-for"]),
        st.text("abz019;,=/*.-[] ", max_size=40).map(str.strip),
    ),
)
def test_any_path_and_header(fuzzed: Site, token: str, headers: dict[str, str]) -> None:
    for path in (f"/l/{quote(token, safe='')}", f"/{quote(token)}", f"/v1/forms/{quote(token, safe='')}"):
        is_said(fuzzed.client.get(path, headers=headers))
        is_said(fuzzed.client.post(path, headers=headers))
        is_said(fuzzed.client.request("OPTIONS", path, headers=headers))
    read_all(fuzzed)
