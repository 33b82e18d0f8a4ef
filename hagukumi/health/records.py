"""What the DNS says of whoever signs our letters: MX, SPF, DKIM, DMARC and whether they belong together.

Start with `look`. Each finding that is not well names the record to publish.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hagukumi.health.dkim import SHORT, SHORTEST, Key, read_key
from hagukumi.health.dmarc import Dmarc, aligned, read_dmarc
from hagukumi.health.resolver import Ask, CouldNotAsk
from hagukumi.health.spf import MOST_LOOKUPS, Spf, read_spf
from hagukumi.journeys.core.values import Words
from hagukumi.words.finding import Finding, Level

SENDGRID_SELECTORS = ("s1", "s2")
SENDGRID = "sendgrid.net"


class Author(NamedTuple):
    """Who signs. All domains are lower case. return_path: of the envelope, empty where nobody has said it.

    server: the mail server of the outlet smtp, for the record to publish.
    """

    outlet: str
    domain: str
    selectors: tuple[str, ...] = ()
    signs_as: str = ""
    return_path: str = ""
    server: str = ""

    @property
    def signer(self) -> str:
        """The domain of its DKIM keys."""
        return self.signs_as or self.domain


def look(author: Author, ask: Ask) -> list[Finding]:
    """All of it; one finding when nobody answers."""
    try:
        return list(_look(author, ask))
    except CouldNotAsk as trouble:
        said = Words(
            f"DNS に問い合わせられず、{author.domain} の送信ドメイン認証を確かめられません({trouble})",
            f"The DNS did not answer ({trouble}): SPF, DKIM and DMARC of {author.domain} are unknown",
        )
        todo = Words(
            "ネットワークを確かめ、もう一度「hagukumi doctor」を実行してください。",
            "Check the network and run `hagukumi doctor` again.",
        )
        return [Finding("warn", "dns", said, todo)]


def _look(author: Author, ask: Ask) -> Iterator[Finding]:
    yield _mx(author, ask)
    spf = read_spf(ask, author.return_path) if author.return_path else None
    yield _spf(author, spf)
    keys = [read_key(ask, selector, author.signer) for selector in author.selectors]
    yield from _dkim(author, keys)
    dmarc = read_dmarc(ask, author.domain)
    yield _dmarc(author, dmarc)
    yield _aligned(author, spf, keys, dmarc, ask)


def _mx(author: Author, ask: Ask) -> Finding:
    exchanges = ask(author.domain, "MX")
    if any(exchanges):
        said = Words(f"MX: {author.domain} は返信を受け取れます", f"MX: {author.domain} takes replies")
        return Finding("ok", "mx", said)
    said = Words(
        f"MX: {author.domain} はメールを受け取りません。返信も不達のお知らせも届きません",
        f"MX: {author.domain} takes no mail; neither replies nor bounces arrive",
    )
    todo = Words(
        f"{author.domain} に MX を公開するか、受け取れるアドレスを sender.email にしてください。",
        f"Publish an MX for {author.domain}, or put an address that takes mail into sender.email.",
    )
    return Finding("warn", "mx", said, todo)


def _spf(author: Author, spf: Spf | None) -> Finding:
    if spf is None:
        said = Words("SPF: 戻り先(Return-Path)のドメインが分かりません", "SPF: the return path's domain is not known")
        todo = Words(
            "SendGrid の Sender Authentication にある em… の名前を、hagukumi.yaml の sender.return_path に"
            "書いてください(例 em1234.example.jp)。",
            "Write the em… name of SendGrid's Sender Authentication into sender.return_path of hagukumi.yaml "
            "(such as em1234.example.jp).",
        )
        return Finding("warn", "spf", said, todo)
    at = author.return_path
    if not spf.troubles:
        said = Words(f"SPF: {at}(参照 {spf.lookups} 回)", f"SPF: {at} ({spf.lookups} lookups)")
        return Finding("ok", "spf", said)
    level, ja, en = _SPF[spf.troubles[0]]
    bad = " ".join(spf.bad[:3])
    facts = {"at": at, "lookups": spf.lookups, "most": MOST_LOOKUPS, "bad": bad}
    said = Words(f"SPF: {ja.format(**facts)}", f"SPF: {en.format(**facts)}")
    return Finding(level, "spf", said, _spf_todo(author, spf))


_SPF: dict[str, tuple[Level, str, str]] = {
    "none": ("fail", "{at} に記録がありません", "{at} has no record"),
    "two": ("fail", "{at} に記録が2つ以上あり、どちらも無効です", "{at} has more than one record; none counts"),
    "syntax": ("fail", "{at} の記録に読めない部分があります({bad})", "the record of {at} has unknown parts ({bad})"),
    "lookups": (
        "fail", "{at} の参照が {lookups} 回あり、上限({most} 回)を超えています",
        "{at} needs {lookups} lookups, more than {most}",
    ),
    "void": ("fail", "{at} の記録に、存在しない名前が3つ以上あります", "{at} names three that do not exist"),
    "open": ("fail", "{at} は誰にでも送信を許しています(+all)", "{at} lets anybody send (+all)"),
    "no_end": ("warn", "{at} の記録が ~all か -all で終わっていません", "{at} does not end in ~all or -all"),
}  # fmt: skip


def _spf_todo(author: Author, spf: Spf) -> Words:
    at = author.return_path
    if author.outlet == "sendgrid" and at != author.domain:
        return Words(
            f"SendGrid の Sender Authentication が示す CNAME を公開してください: {at} CNAME u0000000.wl000.{SENDGRID}",
            f"Publish the CNAME that SendGrid's Sender Authentication shows: {at} CNAME u0000000.wl000.{SENDGRID}",
        )
    if spf.troubles[0] == "lookups":
        return Words(
            "使っていない include を外すか、送信専用のサブドメインに分けてください。",
            "Take out what is not used, or send from a subdomain of its own.",
        )
    allowed = f"include:{SENDGRID}" if author.outlet == "sendgrid" else f"a:{author.server or at}"
    record = f'{at} TXT "v=spf1 {allowed} ~all"'
    return Words(
        f"記録を1つにまとめてください。例: {record}(ほかの送信元があれば加えます)",
        f"Publish a single record, such as: {record} (with your other senders added)",
    )


def _dkim(author: Author, keys: list[Key]) -> Iterator[Finding]:
    if not keys:
        said = Words("DKIM: セレクターが分かりません", "DKIM: the selectors are not known")
        todo = Words(
            "メールサーバーが署名に使うセレクターを、hagukumi.yaml の sender.dkim_selectors に書いてください。",
            "Write the selectors your server signs with into sender.dkim_selectors of hagukumi.yaml.",
        )
        yield Finding("warn", "dkim", said, todo)
        return
    for key in keys:
        if key.trouble is None:
            length = Words(f"({key.bits} ビット)", f" ({key.bits} bits)") if key.bits else Words("", "")
            yield Finding("ok", "dkim", Words(f"DKIM: {key.name}{length.ja}", f"DKIM: {key.name}{length.en}"))
            continue
        level, ja, en = _DKIM[key.trouble]
        # One good key is enough today; the others are missed at the next change of keys.
        level = "warn" if any(each.signs for each in keys) else level
        facts = {"at": key.name, "bits": key.bits, "least": SHORTEST, "good": SHORT}
        said = Words(f"DKIM: {ja.format(**facts)}", f"DKIM: {en.format(**facts)}")
        yield Finding(level, "dkim", said, _dkim_todo(author, key))


_DKIM: dict[str, tuple[Level, str, str]] = {
    "none": ("fail", "{at} に鍵がありません", "{at} has no key"),
    "revoked": ("fail", "{at} の鍵は失効しています(p= が空)", "the key of {at} is revoked (empty p=)"),
    "broken": ("fail", "{at} の鍵を読み取れません", "the key of {at} cannot be read"),
    "too_short": ("fail", "{at} の鍵が短すぎます({bits} ビット)", "the key of {at} is too short ({bits} bits)"),
    "short": ("warn", "{at} の鍵が短めです({bits} ビット)", "the key of {at} is short ({bits} bits)"),
    "testing": ("warn", "{at} は試験中の印が付いています(t=y)", "{at} is marked as a test (t=y)"),
}


def _dkim_todo(author: Author, key: Key) -> Words:
    if author.outlet == "sendgrid":
        record = f"{key.name} CNAME {key.selector}.domainkey.u0000000.wl000.{SENDGRID}"
        return Words(
            f"SendGrid の Sender Authentication が示す CNAME を公開してください: {record}",
            f"Publish the CNAME that SendGrid's Sender Authentication shows: {record}",
        )
    record = f'{key.name} TXT "v=DKIM1; k=rsa; p=…"'
    return Words(
        f"メールサーバーの公開鍵({SHORT} ビット以上)を公開してください: {record}",
        f"Publish your server's public key of {SHORT} bits or more: {record}",
    )


def _dmarc(author: Author, dmarc: Dmarc) -> Finding:
    at = dmarc.at or author.domain
    match dmarc.trouble:
        case "none":
            said = Words(f"DMARC: {author.domain} に記録がありません", f"DMARC: {author.domain} has no record")
            return Finding("fail", "dmarc", said, _dmarc_todo(dmarc.organisation or author.domain, "none"))
        case "two":
            said = Words(f"DMARC: _dmarc.{at} に記録が2つ以上あります", f"DMARC: _dmarc.{at} has more than one record")
            return Finding("fail", "dmarc", said, _dmarc_todo(at, "none"))
        case "broken":
            said = Words(f"DMARC: _dmarc.{at} を読み取れません", f"DMARC: the record _dmarc.{at} cannot be read")
            return Finding("fail", "dmarc", said, _dmarc_todo(at, "none"))
        case None:
            pass
    if dmarc.policy == "none" or dmarc.testing:
        said = Words(
            f"DMARC: _dmarc.{at} は様子見の設定です(p=none)。なりすましは止まりません",
            f"DMARC: _dmarc.{at} only watches (p=none); nobody who forges the sender is stopped",
        )
        return Finding("warn", "dmarc", said, _dmarc_todo(at, "quarantine"))
    if not dmarc.reports:
        said = Words(f"DMARC: _dmarc.{at} に報告の宛先(rua)がありません", f"DMARC: _dmarc.{at} sends no reports (rua)")
        return Finding("warn", "dmarc", said, _dmarc_todo(at, dmarc.policy))
    return Finding(
        "ok", "dmarc", Words(f"DMARC: _dmarc.{at}(p={dmarc.policy})", f"DMARC: _dmarc.{at} (p={dmarc.policy})")
    )


def _dmarc_todo(at: str, policy: str) -> Words:
    record = f'_dmarc.{at} TXT "v=DMARC1; p={policy}; rua=mailto:dmarc-reports@{at}"'
    if policy == "quarantine":
        return Words(
            f"報告に正規のメールの失敗がないことを確かめてから、次のようにします: {record}",
            f"Once the reports show no failures of your own mail, publish: {record}",
        )
    return Words(f"公開してください: {record}", f"Publish: {record}")


def _aligned(author: Author, spf: Spf | None, keys: list[Key], dmarc: Dmarc, ask: Ask) -> Finding:
    """DMARC passes when one of the two passes for the domain that readers see; both are better."""
    by_key = any(key.signs for key in keys) and aligned(ask, author.signer, author.domain, strict=dmarc.strict_dkim)
    usable = spf is not None and not {"none", "two", "syntax", "lookups", "void"}.intersection(spf.troubles)
    by_path = usable and aligned(ask, author.return_path, author.domain, strict=dmarc.strict_spf)
    ways = [name for name, there in (("DKIM", by_key), ("SPF", by_path)) if there]
    if ways:
        both = "・".join(ways)
        said = Words(f"差出人 {author.domain} との一致: {both}", f"Aligned with {author.domain}: {' and '.join(ways)}")
        return Finding("ok", "alignment", said)
    said = Words(
        f"差出人 {author.domain} と一致する DKIM も SPF もありません。Gmail などで迷惑メールになります",
        f"Neither DKIM nor SPF is aligned with {author.domain}: Gmail and others will not believe the letters",
    )
    todo = Words(
        f"差出人と同じドメイン({author.domain})で署名してください(SendGrid では Domain Authentication)。",
        f"Sign with the sender's own domain, {author.domain} (at SendGrid: domain authentication).",
    )
    return Finding("fail", "alignment", said, todo)
