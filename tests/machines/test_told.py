"""What is kept of who clicked: a machine's name, a network's hash, never an address."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from starlette.requests import Request

from hagukumi.channels.web.clicks import BROWSER, told_of
from hagukumi.files import read_files
from hagukumi.letters.agents import agent_is_machine
from hagukumi.letters.machine_rules import MachineRules
from hagukumi.web.callers import address_of
from hagukumi.workspace import CHECKOUT, open_folder
from models.tables.arrivals import Arrival, receive
from models.tables.engine import begin_write, open_engine
from models.tables.schema import activity

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
AGENTS = CHECKOUT.parent / "shared" / "data" / "scanner_agents" / "gmass_known_bot_agents.txt"
PROXIES = ("127.0.0.0/8", "10.0.0.0/8", "::1/128")


@pytest.fixture(scope="module")
def rules() -> MachineRules:
    return read_files(open_folder(CHECKOUT)).machines


def test_of_a_person_only_a_browser_and_a_network_are_kept(rules: MachineRules) -> None:
    told = told_of(CHROME, "203.0.113.77", "secret", rules)
    assert told.keys() == {"agent", "net"} and told["agent"] == BROWSER
    assert told_of(CHROME, "203.0.114.9", "secret", rules) == told, "4,096 neighbours look the same"
    assert told_of(CHROME, "203.0.200.9", "secret", rules)["net"] != told["net"]
    assert told_of(CHROME, "203.0.113.77", "another", rules)["net"] != told["net"]
    assert told_of(CHROME, "::ffff:203.0.113.77", "secret", rules) == told


@pytest.mark.parametrize("ip", [None, "", "unknown", "203.0.113.999", "203.0.113.7:80:1"])
def test_what_is_no_address_says_nothing(ip: str | None, rules: MachineRules) -> None:
    assert told_of(CHROME, ip, "secret", rules) == {"agent": BROWSER}


def test_the_image_proxy_of_gmail_is_a_person(rules: MachineRules) -> None:
    assert told_of(GMAIL, None, "secret", rules) == {"agent": BROWSER}
    assert told_of("curl/8.5.0", None, "secret", rules) == {"agent": "curl/8.5.0"}


def test_networks_of_scanners_are_known_by_the_rules_file(rules: MachineRules) -> None:
    assert told_of(CHROME, "104.47.3.9", "s", rules)["scans"].startswith("Microsoft")
    assert told_of(CHROME, "2a01:111:f400::7", "s", rules)["scans"].startswith("Microsoft")
    assert told_of(CHROME, "67.231.144.9", "s", rules)["scans_mixed"] == "Proofpoint"
    assert "scans" not in told_of(CHROME, "104.48.0.1", "s", rules)


def test_agents_seen_opening_mail_by_machine_are_known(rules: MachineRules) -> None:
    if not AGENTS.is_file():
        pytest.skip(f"{AGENTS} is not on this machine")
    agents = [line for line in AGENTS.read_text("utf-8").splitlines() if line.strip()]
    assert len(agents) > 10
    assert [agent for agent in agents if not agent_is_machine(agent, rules.agents)] == []


def test_a_network_is_stored_apart_from_what_happened(tables_url: str) -> None:
    engine, at = open_engine(tables_url), datetime(2026, 5, 1, tzinfo=UTC)
    told = {"agent": BROWSER, "net": "ab", "link": "case"}
    click = Arrival(1, None, "clicked", at, at, source_id="a", detail=told)
    with begin_write(engine) as conn:
        receive(conn, [click, Arrival(2, None, "left", at, at)])
        found = conn.execute(select(activity.c.detail, activity.c.net).order_by(activity.c.person_id)).all()
    assert [tuple(row) for row in found] == [({"agent": BROWSER, "link": "case"}, "ab"), (None, None)]
    assert told["net"] == "ab"
    engine.dispose()


def asked(peer: str, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.5", (), "203.0.113.5"),
        ("203.0.113.5", ("198.51.100.1",), "203.0.113.5"),
        ("127.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("127.0.0.1", ("9.9.9.9, 198.51.100.1",), "198.51.100.1"),
        ("127.0.0.1", ("9.9.9.9", "198.51.100.1, 10.1.2.3"), "198.51.100.1"),
        ("127.0.0.1", ("[2001:db8::1]:4711",), "2001:db8::1"),
        ("127.0.0.1", ("198.51.100.1:4711",), "198.51.100.1"),
        ("::1", (" ",), "::1"),
        ("127.0.0.1", ("unknown",), "unknown"),
    ],
)
def test_only_our_own_proxies_are_believed(peer: str, forwarded: tuple[str, ...], found: str) -> None:
    assert address_of(asked(peer, *forwarded), PROXIES) == found
