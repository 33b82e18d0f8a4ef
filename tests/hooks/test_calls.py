"""The event webhook over real HTTP: only what SendGrid signed is taken, and it lies in the inbox before the answer."""

import base64
import logging
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from hagukumi.channels.sendgrid.signature import SIGNATURE, TIMESTAMP, BadKey, is_fresh, is_signed, read_key
from hagukumi.workspace import DATABASE_VARIABLE
from models.tables.schema import delivery_event
from tests.hooks.conftest import real
from tests.hooks.signed import HOOK, KEY, OTHER_KEY, body_of, event, headers_of, shown
from tests.web.site import Site, open_workspace, served, until

HOUR = 3_600.0


@pytest.fixture
def site(tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv(DATABASE_VARIABLE, tables_url)
    with served(open_workspace(tmp_path / "w", sendgrid=f"sendgrid: {{verification_key: {shown()}}}")) as found:
        yield found


def refused(answer: httpx.Response, status: int, code: str) -> None:
    said = answer.json()["error"]
    assert (answer.status_code, said["code"]) == (status, code) and said["ja"] and said["en"]


def test_all_real_vectors_decide_as_they_say() -> None:
    vectors = real("signature_vectors.json")
    assert len(vectors) == 6
    for each in vectors:
        key, payload = read_key(each["public_key_b64"]), each["payload"].encode()
        said = is_signed(key, each["signature_b64"], each["timestamp"], payload)
        assert said == each["expect_valid"], each["name"]
        assert not is_signed(key, each["signature_b64"], each["timestamp"], payload.removesuffix(b"\r\n") + b"\n")


def test_a_real_call_of_years_ago_is_stale_and_a_forged_one_is_told_apart(
    tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, tables_url)
    vectors = real("signature_vectors.json")
    key = vectors[0]["public_key_b64"]
    with served(open_workspace(tmp_path / "w", sendgrid=f"sendgrid: {{verification_key: {key}}}")) as site:
        for each in vectors:
            headers = {SIGNATURE: each["signature_b64"], TIMESTAMP: each["timestamp"]}
            answer = site.client.post(HOOK, content=each["payload"].encode(), headers=headers)
            # "bad key" is the first one again, for a site that knows another key.
            ours = each["name"] in ("valid single", "bad key")
            refused(answer, 403, "hook-stale" if ours else "hook-signature")
        assert site.raw() == []


def test_the_raw_batch_is_stored_byte_by_byte_before_it_is_answered(site: Site) -> None:
    body = body_of(event("delivered", None), event("open", None))
    answer = site.client.post(HOOK, content=body, headers=headers_of(body))
    assert (answer.status_code, answer.json()) == (200, {"accepted": True})
    assert site.raw() == [body] and body.endswith(b"\r\n")
    assert site.read_inbox().read == 1
    assert sorted(site.rows(delivery_event, "kind")) == ["delivered", "open"]


def test_the_same_call_again_changes_nothing(site: Site) -> None:
    body = body_of(event("delivered", None))
    headers = headers_of(body)
    for _ in range(46):
        assert site.client.post(HOOK, content=body, headers=headers).status_code == 200
    assert site.read_inbox().read == 46
    assert site.rows(delivery_event, "kind") == ["delivered"]


@pytest.mark.parametrize(
    ("ago", "code"), [(25.1 * HOUR, "hook-stale"), (24.9 * HOUR, None), (-0.2 * HOUR, "hook-stale"), (-300, None)]
)
def test_the_window_against_replay(site: Site, ago: float, code: str | None) -> None:
    body = body_of(event("delivered", None))
    answer = site.client.post(HOOK, content=body, headers=headers_of(body, ago=ago))
    if code is None:
        assert answer.status_code == 200
    else:
        refused(answer, 403, code)
    assert len(site.raw()) == (code is None)


def test_what_was_not_signed_by_this_key_over_these_bytes_is_refused(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    body = body_of(event("spamreport", "k", email="secret@aoba.example"))
    good = headers_of(body)
    later = {**good, TIMESTAMP: str(int(good[TIMESTAMP]) + 1)}
    wrong = [
        (body, headers_of(body, key=OTHER_KEY)), (body + b" ", good), (body, later), (body, {}),
        (body, {**good, SIGNATURE: "%%%"}), (body, {**good, SIGNATURE: base64.b64encode(b"0" * 71).decode()}),
        (body, {**good, SIGNATURE: "A" * 5_000}), (body, {SIGNATURE: good[SIGNATURE]}), (b"", good),
    ]  # fmt: skip
    with caplog.at_level(logging.WARNING, "hagukumi.web"):
        for content, headers in wrong:
            refused(site.client.post(HOOK, content=content, headers=headers), 403, "hook-signature")
    assert site.raw() == []
    assert "secret" not in caplog.text and caplog.text.count("hook-signature") == len(wrong)


def test_while_the_key_is_exchanged_either_may_have_signed(site: Site) -> None:
    file = site.workspace.settings_file
    text = file.read_text("utf-8")
    body = body_of(event("delivered", None))

    def written(*keys: str) -> None:
        listed = ", ".join(f'"{key}"' for key in keys)
        lines = [line for line in text.splitlines() if not line.startswith("sendgrid:")]
        file.write_text("\n".join([*lines, f"sendgrid: {{verification_key: [{listed}]}}"]) + "\n", "utf-8")

    def status(key: ec.EllipticCurvePrivateKey) -> int:
        return site.client.post(HOOK, content=body, headers=headers_of(body, key=key)).status_code

    refused(site.client.post(HOOK, content=body, headers=headers_of(body, key=OTHER_KEY)), 403, "hook-signature")
    written(shown(OTHER_KEY), shown(KEY))
    until(lambda: status(OTHER_KEY) == 200)
    assert status(KEY) == 200
    third = ec.derive_private_key(0xABC, ec.SECP256R1())
    refused(site.client.post(HOOK, content=body, headers=headers_of(body, key=third)), 403, "hook-signature")
    written(shown(OTHER_KEY))
    until(lambda: status(KEY) == 403)
    assert status(OTHER_KEY) == 200
    written("nonsense", shown(KEY))
    until(lambda: status(KEY) == 200)
    refused(site.client.post(HOOK, content=body, headers=headers_of(body, key=OTHER_KEY)), 403, "hook-bad-key")
    written("", "")
    until(lambda: status(KEY) == 403)
    refused(site.client.post(HOOK, content=body, headers=headers_of(body)), 403, "hook-no-key")


def test_without_a_key_nothing_is_taken_and_a_key_counts_once_it_is_written(site: Site) -> None:
    file = site.workspace.settings_file
    text = file.read_text("utf-8")
    body = body_of(event("delivered", None))

    def said(code: str) -> bool:
        return bool(site.client.post(HOOK, content=body).json()["error"]["code"] == code)

    for written, code in (("", "hook-no-key"), ("sendgrid: {verification_key: nonsense}", "hook-bad-key")):
        lines = [line for line in text.splitlines() if not line.startswith("sendgrid:")]
        file.write_text("\n".join([*lines, written]) + "\n", "utf-8")
        until(partial(said, code))
        refused(site.client.post(HOOK, content=body, headers=headers_of(body)), 403, code)
    assert site.raw() == []
    file.write_text(text, "utf-8")
    until(lambda: site.client.post(HOOK, content=body, headers=headers_of(body)).status_code == 200)


def test_a_body_beyond_a_megabyte_is_refused_before_it_is_read(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.port), 30) as wire_:
        wire_.sendall(f"POST {HOOK} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000001\r\n\r\n".encode())
        assert wire_.recv(100).startswith(b"HTTP/1.1 413")
    body = b"[" + b" " * 1_000_000 + b"]"
    refused(site.client.post(HOOK, content=iter([body]), headers=headers_of(body)), 413, "hook-too-large")
    whole = body_of(*(event("delivered", None, surprise="x" * 600) for _ in range(800)))
    assert 600_000 < len(whole) < 1_000_000
    assert site.client.post(HOOK, content=whole, headers=headers_of(whole)).status_code == 200
    assert site.raw() == [whole]


def test_other_methods_are_refused_with_a_sentence(site: Site) -> None:
    refused(site.client.get(HOOK), 404, "not-found")


def test_a_call_with_an_origin_or_another_media_type_is_judged_by_its_signature_alone(site: Site) -> None:
    body = body_of(event("delivered", None))
    headers = headers_of(body) | {"origin": "https://elsewhere.example", "content-type": "text/plain"}
    assert site.client.post(HOOK, content=body, headers=headers).status_code == 200


def test_keys_are_read_as_sendgrid_shows_them_and_as_pem() -> None:
    plain = shown()
    lines = f"-----BEGIN PUBLIC KEY-----\n{plain[:64]}\n{plain[64:]}\n-----END PUBLIC KEY-----\n"
    assert read_key(plain) == read_key(lines) == read_key(f"  {plain}\n")
    for wrong in ("", "x", plain[:-8], base64.b64encode(b"\x30\x00").decode(), "あ"):
        with pytest.raises(BadKey):
            read_key(wrong)


def test_no_text_is_a_fresh_timestamp_but_a_recent_number() -> None:
    from datetime import UTC, datetime

    wall = datetime(2026, 4, 1, tzinfo=UTC)
    assert is_fresh(str(int(wall.timestamp())), wall)
    for text in ("", "x", "-1", "1e9", "９９９", "9" * 12, "9" * 400, "0", "1.5"):
        assert not is_fresh(text, wall), text
