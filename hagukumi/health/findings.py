"""Keys, resting channels and rates as findings of an examination. Start with `rates_of`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path

from sqlalchemy import Connection

from hagukumi.credentials import KEY, Credential
from hagukumi.health.complaints import LONG_WINDOW, WINDOW, Rate, bounces, too_many
from hagukumi.health.records import SENDGRID_SELECTORS, Author
from hagukumi.health.reputation import rates
from hagukumi.journeys.core.values import Words
from hagukumi.letters.channels import rests
from hagukumi.letters.rules import Terms
from hagukumi.settings import Settings
from hagukumi.words.dates import say_time
from hagukumi.words.finding import Finding
from hagukumi.words.reasons import REASONS
from hagukumi.words.refusal import NotDone

SHOWN = 5
"""Domains named one by one."""


def author_of(settings: Settings) -> Author | None:
    """Who signs, as hagukumi.yaml says; None without an address."""
    sender, outlet = settings.sender, settings.outlet
    domain = _domain(sender.email.rpartition("@")[2])
    if not domain:
        return None
    selectors = sender.dkim_selectors or (SENDGRID_SELECTORS if outlet == "sendgrid" else ())
    path = _domain(sender.return_path) or (domain if outlet == "smtp" else "")
    server = settings.smtp.host if outlet == "smtp" and settings.smtp is not None else ""
    return Author(outlet, domain, tuple(selectors), _domain(sender.dkim_domain), path, server)


def _domain(text: str) -> str:
    """As the DNS knows it, empty where it cannot be one."""
    try:
        return text.strip().rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        return ""


def secrets_of(settings: Settings, folder: Path) -> Iterator[Finding]:
    """Whether the outlet's key or password is there, has the form of one, and is its owner's alone. It is not tried."""
    for secret in _secrets(settings, folder):
        try:
            secret.get()
        except NotDone as refusal:
            yield Finding("fail", "secret", refusal.words)
        else:
            said = Words(f"{secret.what.ja}: あり(外には試していません)", f"{secret.what.en}: there (not tried)")
            yield Finding("ok", "secret", said)


def _secrets(settings: Settings, folder: Path) -> Iterator[Credential]:
    match settings.outlet:
        case "sendgrid":
            what = Words("SendGridのAPIキー", "API key of SendGrid")
            file = settings.sendgrid.key_file
            yield Credential("sendgrid-key", what, "HAGUKUMI_SENDGRID_KEY", "sendgrid.key_file", file, folder, KEY)
        case "smtp" if settings.smtp is not None and settings.smtp.user:
            what = Words("SMTPのパスワード", "SMTP password")
            file = settings.smtp.password_file
            yield Credential("smtp-password", what, "HAGUKUMI_SMTP_PASSWORD", "smtp.password_file", file, folder)
        case _:
            pass


def warm_up_of(terms: Terms, now: datetime) -> Iterator[Finding]:
    """The ramp of a new sender: today's number and what follows."""
    if terms.warm_up is None:
        return
    allowed, plan = terms.allowance(now), "→".join(map(str, terms.warm_up.plan))
    if allowed is None:
        said = Words("慣らし: 終わりました", "Warm-up: over")
    else:
        said = Words(
            f"慣らし: 今は24時間に {allowed:,}通まで({plan})", f"Warm-up: {allowed:,} letters in 24 hours ({plan})"
        )
    yield Finding("ok", "warm_up", said)


def channels_of(conn: Connection, now: datetime, zone: tzinfo) -> Iterator[Finding]:
    """What rests, since when and why, and how it goes on."""
    for name, rest in rests(conn, now).items():
        words = REASONS.get(rest.why.code, Words(rest.why.code, rest.why.code))
        why = Words(_filled(words.ja, rest.why.args), _filled(words.en, rest.why.args))
        since = Words(say_time(rest.since, zone, "ja"), say_time(rest.since, zone, "en"))
        said = Words(
            f"「{name}」への送信: {why.ja}({since.ja} から)", f"Sending to {name}: {why.en} (since {since.en})"
        )
        if rest.until is None:
            todo = Words(
                f"原因を確かめてから「hagukumi channel resume {name}」で再開します。",
                f"Find out why, then: hagukumi channel resume {name}",
            )
        else:
            until = Words(say_time(rest.until, zone, "ja"), say_time(rest.until, zone, "en"))
            todo = Words(f"{until.ja} に自動で再開します。", f"It goes on by itself at {until.en}.")
        yield Finding("warn", "channel", said, todo)


def _filled(text: str, args: tuple[str, ...]) -> str:
    for number, value in enumerate(args):
        text = text.replace(f"{{{number}}}", value)
    return text


def rates_of(conn: Connection, outlet: str, now: datetime) -> Iterator[Finding]:
    """Bounces and complaints of 7 and of 30 days, and the domains that complain."""
    for window in (WINDOW, LONG_WINDOW):
        told = rates(conn, outlet, now - window)
        if not told:
            continue
        whole, domains = told[0], told[1:]
        yield _whole(whole, window.days)
        if window == WINDOW:
            yield from map(_of_domain, [each for each in domains if each.complaints][:SHOWN])
    yield _unseen()


def _whole(rate: Rate, days: int) -> Finding:
    dead, complaints = f"{rate.dead_share:.1%}", f"{rate.complaint_share:.2%}"
    said = Words(
        f"{days}日間: 送信 {rate.sent:,}通、宛先不明 {dead}、迷惑メールの申告 {complaints}",
        f"{days} days: {rate.sent:,} letters, {dead} to dead addresses, {complaints} complaints",
    )
    bad = bounces(rate)
    if bad == "ok":
        return Finding("ok", "rates", said)
    todo = Words(
        "宛先不明が多いと、届くはずのメールも拒まれます。名簿の入手先を確かめ、古い宛先を外してください"
        "(2%で注意、5%で危険)。",
        "Many dead addresses make providers refuse the others too: check where the list came from, take old ones out "
        "(2 % is a warning, 5 % a danger).",
    )
    return Finding(bad, "rates", said, todo)


def _of_domain(rate: Rate) -> Finding:
    stops = too_many(rate.complaints, rate.arrived, "domain")
    number, share = rate.complaints, f"{rate.complaint_share:.2%}"
    said = Words(
        f"{rate.domain}: 7日間で迷惑メールの申告 {number}件(送信 {rate.arrived:,}通、{share})",
        f"{rate.domain}: {number} complaints in 7 days for {rate.arrived:,} letters ({share})",
    )
    todo = Words(
        "0.10%以上で、この宛先への送信は自動で止まります。文面・頻度・名簿を見直してください。",
        "From 0.10 % on nothing more goes there by itself. Look at texts, frequency and list.",
    )
    return Finding("fail" if stops else "warn", "complaints", said, todo)


def _unseen() -> Finding:
    said = Words(
        "Gmail の迷惑メール率は、当方には届きません",
        "Gmail tells senders' programs nothing about complaints",
    )
    todo = Words(
        "Google Postmaster Tools で週に一度ご確認ください(0.10%未満を保ち、0.30%にしないこと)。",
        "Look into Google Postmaster Tools once a week: below 0.10 %, never 0.30 %.",
    )
    return Finding("ok", "postmaster", said, todo)
