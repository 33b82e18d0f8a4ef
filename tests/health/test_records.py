"""What the DNS says of the sender: each mistake is named, with the record that mends it."""

import socket
import threading

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from hagukumi.health import resolver
from hagukumi.health.dkim import read_key
from hagukumi.health.dmarc import aligned, organisation_of, read_dmarc, walk
from hagukumi.health.records import Author, look
from hagukumi.health.resolver import CouldNotAsk, Dns
from hagukumi.health.spf import read_spf
from tests.health.zones import GOOD, KEY, Zone, key, over, silent

SENDGRID = Author("sendgrid", "aoba.example", ("s1", "s2"), return_path="em12.aoba.example")
SMTP = Author("smtp", "aoba.example", ("mail",), return_path="aoba.example", server="smtp.aoba.example")


def levels(author: Author, *zones: Zone, without: tuple[tuple[str, str], ...] = ()) -> dict[str, str]:
    return {f.check: f.level for f in reversed(look(author, over(*zones, without=without))) if f.level != "ok"}


def said(author: Author, check: str, *zones: Zone, without: tuple[tuple[str, str], ...] = ()) -> str:
    return " ".join(
        f"{f.said.ja} {f.said.en} {f.todo.ja} {f.todo.en}"
        for f in look(author, over(*zones, without=without))
        if f.check == check
    )


def test_a_sender_in_order_has_nothing_to_mend() -> None:
    found = look(SENDGRID, over(GOOD))
    assert {f.level for f in found} == {"ok"}
    assert [f.check for f in found] == ["mx", "spf", "dkim", "dkim", "dmarc", "alignment"]
    assert all(f.said.ja and f.said.en and not f.todo.ja for f in found)
    assert "DKIM・SPF" in found[-1].said.ja


def test_a_domain_that_says_nothing_gets_the_records_to_publish() -> None:
    assert levels(SENDGRID, {}) == {
        "mx": "warn", "spf": "fail", "dkim": "fail", "dmarc": "fail", "alignment": "fail",
    }  # fmt: skip
    assert "em12.aoba.example CNAME u0000000.wl000.sendgrid.net" in said(SENDGRID, "spf", {})
    assert "s1._domainkey.aoba.example CNAME s1.domainkey." in said(SENDGRID, "dkim", {})
    assert '_dmarc.aoba.example TXT "v=DMARC1; p=none; rua=' in said(SENDGRID, "dmarc", {})
    assert 'aoba.example TXT "v=spf1 a:smtp.aoba.example ~all"' in said(SMTP, "spf", {})


def test_no_network_is_a_warning_and_no_failure() -> None:
    (found,) = look(SENDGRID, silent)
    assert (found.level, found.check) == ("warn", "dns")
    assert "LifetimeTimeout" in found.said.ja


def test_what_is_not_known_is_asked_for() -> None:
    bare = Author("smtp", "aoba.example", return_path="aoba.example")
    assert "sender.dkim_selectors" in said(bare, "dkim", GOOD)
    blind = SENDGRID._replace(return_path="")
    assert levels(blind, GOOD) == {"spf": "warn"}
    assert "sender.return_path" in said(blind, "spf", GOOD)


SPF = ("aoba.example", "TXT")
LONG = " ".join(f"a:h{n}.aoba.example" for n in range(11))


@pytest.mark.parametrize(
    ("records", "trouble"),
    [
        (("v=spf1 -all",), None),
        (("verification=abc", "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all"), None),
        (("v=spf1 redirect=_spf.aoba.example",), None),
        (("V=SPF1 -ALL",), None),
        ((), "none"),
        (("v=spf10 -all",), "none"),
        (("v=spf1 -all", "v=spf1 ~all"), "two"),
        (("v=spf1 include:_spf.aoba.example; -all",), None),
        (("v=spf1 ipv4:192.0.2.1 -all",), "syntax"),
        (("v=spf1 +all",), "open"),
        (("v=spf1 all",), "open"),
        (("v=spf1 ip4:192.0.2.1",), "no_end"),
        (("v=spf1 ip4:192.0.2.1 ?all",), "no_end"),
        ((f"v=spf1 {LONG} -all",), "lookups"),
        (("v=spf1 a:x.example a:y.example mx:z.example -all",), "void"),
        (("v=spf1 include:loop.example -all",), None),
    ],
)
def test_each_mistake_of_spf_is_told_apart(records: tuple[str, ...], trouble: str | None) -> None:
    hosts = {(f"h{n}.aoba.example", "A"): ("192.0.2.1",) for n in range(11)}
    more: Zone = {
        ("_spf.aoba.example", "TXT"): ("v=spf1 ip4:192.0.2.9 -all",),
        ("loop.example", "TXT"): ("v=spf1 include:loop.example -all",),
    }
    told = read_spf(over({SPF: records}, hosts, more), "aoba.example")
    assert (told.troubles[0] if told.troubles else None) == trouble


def test_lookups_of_what_is_included_count() -> None:
    chain: Zone = {(f"i{n}.example", "TXT"): (f"v=spf1 include:i{n + 1}.example -all",) for n in range(40)}
    told = read_spf(over(chain), "i0.example")
    assert told.troubles[0] == "lookups" and told.lookups > 10


@pytest.mark.parametrize(
    ("record", "trouble"),
    [
        (f"v=DKIM1; p={KEY}", None),
        (f"v=DKIM1;k=rsa;p={KEY[:100]} {KEY[100:]}", None),
        ("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", None),
        (f"v=DKIM1; t=y:s; p={KEY}", "testing"),
        ("v=DKIM1; p=", "revoked"),
        ("v=DKIM1; p=AAAA", "broken"),
        (f"v=DKIM2; p={KEY}", "broken"),
        ("v=DKIM1; k=ed25519; p=AAAA", "broken"),
        (f"v=DKIM1; p={key(1024)}", "short"),
        (None, "none"),
    ],
)
def test_each_mistake_of_a_key_is_told_apart(record: str | None, trouble: str | None) -> None:
    zone: Zone = {("s1._domainkey.aoba.example", "TXT"): () if record is None else (record,)}
    found = read_key(over(zone), "s1", "aoba.example")
    assert found.trouble == trouble
    assert found.signs is (trouble in (None, "testing", "short"))


def test_a_second_key_that_is_missing_is_no_failure_while_the_first_signs() -> None:
    assert levels(SENDGRID, GOOD, without=(("s2._domainkey.aoba.example", "TXT"),)) == {"dkim": "warn"}


@pytest.mark.parametrize(
    ("records", "trouble", "policy"),
    [
        (("v=DMARC1; p=reject; rua=mailto:a@aoba.example",), None, "reject"),
        (("v=DMARC1;p=none",), None, "none"),
        (("v=DMARC1; rua=mailto:a@aoba.example",), None, "none"),
        (("v=DMARC1; p=refuse",), "broken", ""),
        (("v=DMARC1; p=none; p=reject",), "broken", ""),
        (("v=DMARC1 p=none",), "broken", ""),
        (("v=DMARC1; p=none", "v=DMARC1; p=reject"), "two", ""),
        ((), "none", ""),
        (("verification=1",), "none", ""),
    ],
)
def test_each_mistake_of_dmarc_is_told_apart(records: tuple[str, ...], trouble: str | None, policy: str) -> None:
    told = read_dmarc(over({("_dmarc.aoba.example", "TXT"): records}), "aoba.example")
    assert (told.trouble, told.policy) == (trouble, policy)


def test_watching_alone_and_reports_to_nobody_are_warned_about() -> None:
    def with_record(text: str) -> Zone:
        return {**GOOD, ("_dmarc.aoba.example", "TXT"): (text,)}

    watching = with_record("v=DMARC1; p=none; rua=mailto:a@aoba.example")
    assert levels(SENDGRID, watching) == {"dmarc": "warn"}
    assert "p=quarantine" in said(SENDGRID, "dmarc", watching)
    assert levels(SENDGRID, with_record("v=DMARC1; p=reject")) == {"dmarc": "warn"}


def test_a_subdomain_takes_the_record_of_its_organisation() -> None:
    zone: Zone = {
        ("_dmarc.aoba.example", "TXT"): ("v=DMARC1; p=reject; sp=none; rua=mailto:a@aoba.example",),
        ("_dmarc.co.example", "TXT"): ("v=DMARC1; p=none; psd=y",),
        ("_dmarc.own.kaede.example", "TXT"): ("v=DMARC1; p=reject; psd=n",),
        ("_dmarc.kaede.example", "TXT"): ("v=DMARC1; p=none",),
    }
    ask = over(zone)
    told = read_dmarc(ask, "news.aoba.example")
    assert (told.at, told.policy, told.organisation) == ("aoba.example", "none", "aoba.example")
    assert organisation_of(ask, "a.b.shop.co.example") == "shop.co.example", "below a public suffix"
    assert organisation_of(ask, "mail.own.kaede.example") == "own.kaede.example"
    assert organisation_of(ask, "nobody.test") == "nobody.test"
    assert aligned(ask, "em1.aoba.example", "news.aoba.example", strict=False)
    assert not aligned(ask, "em1.aoba.example", "news.aoba.example", strict=True)
    assert not aligned(ask, "one.co.example", "two.co.example", strict=False)


def test_a_long_name_is_walked_in_eight_questions() -> None:
    assert len(walk(".".join("abcdefghijklmnop"))) == 8


def test_signing_as_somebody_else_is_not_aligned() -> None:
    foreign = Author("sendgrid", "aoba.example", ("s1",), signs_as="sendgrid.net", return_path="em1.sendgrid.net")
    zone: Zone = {
        **GOOD,
        ("s1._domainkey.sendgrid.net", "TXT"): (f"v=DKIM1; p={KEY}",),
        ("em1.sendgrid.net", "TXT"): ("v=spf1 ip4:192.0.2.1 -all",),
    }
    assert levels(foreign, zone) == {"alignment": "fail"}
    strict: Zone = {**GOOD, ("_dmarc.aoba.example", "TXT"): ("v=DMARC1; p=reject; aspf=s; rua=mailto:a@aoba.example",)}
    assert "DKIM" in said(SENDGRID, "alignment", strict) and "SPF" not in said(SENDGRID, "alignment", strict)


def test_the_resolver_asks_a_real_server_and_takes_silence_for_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    server.settimeout(10)
    asked: list[str] = []

    def serve() -> None:
        for _ in range(4):
            raw, back = server.recvfrom(4096)
            query = dns.message.from_wire(raw)
            name = query.question[0].name.to_text()
            asked.append(name)
            if name.startswith("silent"):
                continue
            answer = dns.message.make_response(query)
            if name == "aoba.example.":
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", '"v=spf1 " "-all"'))
            elif name == "mx.example.":
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "MX", "10 In.aoba.example."))
            else:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            server.sendto(answer.to_wire(), back)

    thread = threading.Thread(target=serve)
    thread.start()
    made = dns.resolver.Resolver(configure=False)
    made.nameservers, made.port = ["127.0.0.1"], server.getsockname()[1]
    monkeypatch.setattr(dns.resolver, "Resolver", lambda: made)
    monkeypatch.setattr(resolver, "SECONDS", 0.4)
    ask = Dns()
    assert ask("aoba.example", "TXT") == ask("AOBA.example.", "TXT") == ("v=spf1 -all",)
    assert ask("mx.example", "MX") == ("In.aoba.example",)
    assert ask("nobody.example", "TXT") == ()
    with pytest.raises(CouldNotAsk):
        ask("silent.example", "TXT")
    thread.join(10)
    server.close()
    assert asked.count("aoba.example.") == 1, "an answer is remembered"
