"""A look that lies unread in the inbox goes with the person for whom the link was made."""

from __future__ import annotations

from pathlib import Path

import pytest

from hagukumi.papers.views import body_of
from hagukumi.privacy import raws
from hagukumi.privacy.traces import Traces
from hagukumi.wiring import wire
from tests.papers.places import CAPTIONED, hospital
from tests.web.site import open_workspace


def test_it_is_deleted_and_those_of_others_stay(
    tables_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAGUKUMI_DATABASE_URL", tables_url)
    wired = wire(open_workspace(tmp_path / "w", base_url=CAPTIONED))
    one = hospital(wired)
    for person in (7, 8, None):
        wired.inbox.put("paper", body_of(one, person, "one-page", "html", "", {}), at=wired.now)
    gone = raws.clear(wired.engine, [7], Traces((), (), ()))
    assert gone == 1
    assert [raw.body.split(b",")[2] for raw in wired.inbox.take(10)] == [b"8", b"null"]
    wired.inbox.close()
    wired.engine.dispose()
