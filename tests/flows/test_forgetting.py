"""What was due while nobody served is forgotten, even by a server that is slow to wake."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from flows import __main__ as flows

Answer = Callable[[httpx.Request], httpx.Response]


def serving(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    """Prefect's server answers like this."""
    client = httpx.Client

    def made(**given: Any) -> httpx.Client:
        return client(transport=httpx.MockTransport(answer), **given)

    monkeypatch.setattr(httpx, "Client", made)
    monkeypatch.setattr(flows, "PAUSE_SECONDS", 0.01)


def test_a_server_that_breaks_off_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    late, calls = [{"id": "a"}, {"id": "b"}], 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        if calls == 1:
            return httpx.Response(500)
        if request.method == "POST":
            return httpx.Response(200, json=late)
        if calls == 3:
            raise httpx.ReadError("reset")
        late.pop(0)
        return httpx.Response(204)

    serving(monkeypatch, answer)
    assert flows.forget_late("http://prefect.example/api") == 2 and late == []


def test_a_server_that_forgets_nothing_is_not_asked_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows, "MOST_WAIT_SECONDS", 0.3)
    many = [{"id": str(number)} for number in range(flows.MOST_AT_ONCE)]
    serving(
        monkeypatch, lambda request: httpx.Response(200, json=many) if request.method == "POST" else httpx.Response(500)
    )
    assert flows.forget_late("http://prefect.example/api") == 0
