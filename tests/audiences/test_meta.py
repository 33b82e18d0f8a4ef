"""Meta by its own package, against a server that answers as the Graph API does (experimental)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from abm.audience import Platform, Way
from hagukumi.channels.ads.handing import Outlet
from hagukumi.programme.audiences import follow
from hagukumi.programme.pushing import push
from hagukumi.settings import MetaAds
from hagukumi.words.refusal import NotDone
from models.tables.schema import audience, audience_push
from tests.audiences.market import Market, asked, one, rules
from tests.audiences.platforms import Graph, graph
from tests.rows import rows_of

pytest.importorskip("facebook_business", reason="the extra `ads` is not installed: tools/install-ads")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def server() -> Iterator[Graph]:
    with graph() as state:
        yield state


def _outlet(server: Graph, folder: Path, token: str = "token-of-a-test") -> Outlet:
    from hagukumi.channels.ads.meta import open_meta

    file = folder / "token"
    file.write_text(token, "utf-8")
    file.chmod(0o600)
    return open_meta(MetaAds(account="42", token_file="token", url=server.url), folder)


def test_the_audience_is_made_once_and_differences_are_told_in_lots(
    server: Graph, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hagukumi.channels.ads import meta

    monkeypatch.setattr(meta, "LOT", 2)
    market, outlet = Market(engine), _outlet(server, tmp_path)
    (place,) = market.facilities(1, postal_code="100-0001")
    ids = market.people(place, 5, phone_direct="03-1234-5678", family_name="髙橋", given_name="花子")
    which = rules(one(kind="people", platform="meta", send="api"))

    def opened(name: str, platform: Platform, way: Way | None) -> Outlet:
        assert (name, platform, way) == ("ours", "meta", "api")
        return outlet

    market.people(place, 340)
    follow(engine, which, asked())
    (done,) = push(engine, which, asked(), opened)
    assert done.added == 345 and server.names == {"9000": "Hagukumi ours"}
    assert len(server.members["9000"]) == 345 and server.longest == 2
    market.refuse(ids[0], "ads")
    follow(engine, which, asked())
    (done,) = push(engine, which, asked(), opened)
    assert (done.added, done.removed) == (0, 1) and len(server.members["9000"]) == 344
    assert rows_of(engine, audience, "remote") == ["9000"] and len(server.names) == 1
    assert rows_of(engine, audience_push, "outlet", "state", "answer") == [
        ("meta", "settled", "345/0"), ("meta", "settled", "1/0"),
    ]  # fmt: skip


def test_an_audience_that_was_made_before_a_crash_is_found_again(server: Graph, engine: Engine, tmp_path: Path) -> None:
    server.names["77"], server.members["77"] = "Hagukumi ours", set()
    market, outlet = Market(engine), _outlet(server, tmp_path)
    (place,) = market.facilities(1)
    market.people(place, 400)
    which = rules(one(kind="people", platform="meta"))
    follow(engine, which, asked())
    push(engine, which, asked(), lambda *_: outlet)
    assert [*server.names] == ["77"] and len(server.members["77"]) == 400


@pytest.mark.parametrize(("broken", "code"), [(500, "500/2"), (429, "429/2")])
def test_what_meta_says_is_kept_as_a_code_never_as_a_sentence(
    server: Graph, engine: Engine, tmp_path: Path, broken: int, code: str
) -> None:
    market, outlet = Market(engine), _outlet(server, tmp_path)
    (place,) = market.facilities(1)
    market.people(place, 400)
    which = rules(one(kind="people", platform="meta"))
    follow(engine, which, asked())
    server.broken = [broken]
    with pytest.raises(NotDone) as refused:
        push(engine, which, asked(), lambda *_: outlet)
    assert refused.value.code == "audience-not-taken" and "yamada" not in refused.value.words.en
    assert rows_of(engine, audience_push, "state", "answer") == [("failed", code)]
    (done,) = push(engine, which, asked(), lambda *_: outlet)
    assert done.added == 400 and len(server.members["9000"]) == 400


def test_a_wrong_token_and_a_server_that_is_away_are_told(server: Graph, engine: Engine, tmp_path: Path) -> None:
    market = Market(engine)
    (place,) = market.facilities(1)
    market.people(place, 400)
    which = rules(one(kind="people", platform="meta"))
    follow(engine, which, asked())
    wrong = _outlet(server, tmp_path, "another-token")
    with pytest.raises(NotDone) as refused:
        push(engine, which, asked(), lambda *_: wrong)
    assert "400/190" in refused.value.words.en
    server.url = "http://127.0.0.1:9"
    away = _outlet(server, tmp_path)
    with pytest.raises(NotDone) as refused:
        push(engine, which, asked(), lambda *_: away)
    assert refused.value.code == "audience-not-taken" and "ConnectionError" in refused.value.words.en


def test_nothing_is_spoken_in_the_clear_and_nobody_else_may_read_the_token(server: Graph, tmp_path: Path) -> None:
    from hagukumi.channels.ads.meta import open_meta

    with pytest.raises(NotDone) as refused:
        open_meta(MetaAds(token_file="token"), tmp_path)
    assert refused.value.code == "audience-settings"
    (tmp_path / "token").write_text("x", "utf-8")
    (tmp_path / "token").chmod(0o644)
    with pytest.raises(NotDone) as refused:
        open_meta(MetaAds(account="42", token_file="token"), tmp_path)
    assert refused.value.code == "meta-token-open"
    (tmp_path / "token").chmod(0o600)
    with pytest.raises(NotDone) as refused:
        open_meta(MetaAds(account="42", token_file="token", url="http://graph.example"), tmp_path)
    assert refused.value.code == "audience-settings"
