"""Who is no lead at all: students, competitors, private mailboxes, customers (C3). Pure. Start with `judge`.

The rules are scenarios/rules/ng.yaml; the list of disposable domains is handed in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from hagukumi.journeys.core.fields import entry
from hagukumi.journeys.core.values import Words
from hagukumi.pipeline.names import company

REASONS: dict[str, Words] = {
    "free_mail": Words("個人用のフリーメールのため", "a private free-mail address"),
    "carrier_mail": Words("携帯電話会社の個人用アドレスのため", "a private address of a phone company"),
    "disposable_mail": Words("使い捨てのアドレスのため", "a disposable address"),
    "student": Words("学生の方のため", "a student"),
    "competitor": Words("同業他社の方のため", "works for a competitor"),
    "customer": Words("すでにお客様のため", "already a customer"),
    "no_sales": Words("営業をお断りされたため", "wants no sales at all"),
    "no_fit": Words("対象に当てはまらないため", "does not fit"),
    "erased": Words("ご本人の求めにより消去したため", "erased at their own request"),
}
"""NG reason code -> the sentence people read."""

CONFIRM = Words(
    "決裁に関わる方が個人用アドレスをお使いです。NGにはせず、ご本人にご確認ください",
    "a decision-maker on a private address: not NG, to be confirmed with the person",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateMail:
    """Domains of private mailboxes; somebody named under `confirm` is asked instead of passed back."""

    free: tuple[str, ...] = entry("フリーメールのドメイン", "domains of free mail", ())
    carrier: tuple[str, ...] = entry("携帯電話会社のドメイン", "domains of phone companies", ())
    disposable: tuple[str, ...] = entry("使い捨てアドレスのドメイン(追加分)", "disposable domains besides the list", ())
    business: tuple[str, ...] = entry("個人用とみなさないドメイン", "domains that are never private", ())
    confirm_roles: tuple[str, ...] = entry("NGにせず確認する役割", "roles to be confirmed, not NG", ())
    confirm_titles: tuple[str, ...] = entry("NGにせず確認する肩書き", "titles to be confirmed, not NG", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Students:
    """How students are recognised: what they call themselves, or a subdomain that a university keeps for them."""

    words: tuple[str, ...] = entry("肩書き・職業に含まれる語", "words in title or occupation", ())
    not_words: tuple[str, ...] = entry("学生としない語(学生課など)", "words that make it no student", ())
    subdomains: tuple[str, ...] = entry("大学の学生用サブドメイン", "labels of students' subdomains", ())
    under: tuple[str, ...] = entry("サブドメインを見る大学のドメイン", "university domains those stand under", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Companies:
    """Companies by domain or by name."""

    domains: tuple[str, ...] = entry("ドメイン", "domains", ())
    names: tuple[str, ...] = entry("会社名・施設名", "names", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class NgRules:
    """scenarios/rules/ng.yaml."""

    private_mail: PrivateMail = entry("個人用アドレス", "private addresses", PrivateMail())
    students: Students = entry("学生", "students", Students())
    competitors: Companies = entry("同業他社", "competitors", Companies())
    customers: Companies = entry("既存のお客様", "customers", Companies())


class Candidate(NamedTuple):
    """What is known of a person when they come in. `domain` is that of the normalised address.

    norm: the company's name as names are matched, where somebody has worked it out already.
    """

    domain: str | None = None
    title: str | None = None
    occupation: str | None = None
    role: str | None = None
    company: str | None = None
    customer: bool = False
    norm: str | None = None


class Finding(NamedTuple):
    """`code` is a key of REASONS; `confirm` means a person decides and the lead stays a lead."""

    code: str
    confirm: bool = False


class Judge:
    """The rules made ready once; `judge` is then a few look-ups a person."""

    def __init__(self, rules: NgRules, disposable: Collection[str] = ()) -> None:
        mail = rules.private_mail
        self._rules = rules
        self._private = {domain.lower(): "disposable_mail" for domain in (*disposable, *mail.disposable)}
        self._private |= {domain.lower(): "free_mail" for domain in mail.free}
        self._private |= {domain.lower(): "carrier_mail" for domain in mail.carrier}
        for domain in mail.business:
            self._private.pop(domain.lower(), None)
        self._competitors = _Known(rules.competitors)
        self._customers = _Known(rules.customers)

    def private(self, domain: str) -> bool:
        """Whether a mailbox there is nobody's company's."""
        return _listed(domain, self._private) is not None

    def judge(self, who: Candidate) -> Finding | None:
        """Why this person is no lead, or None. Competitors come first, private addresses last."""
        known = self.known(who)
        if known is not None:
            return Finding(known)
        if self._is_student(who):
            return Finding("student")
        code = _listed(who.domain, self._private) if who.domain else None
        if code is None:
            return None
        return Finding(code, confirm=code != "disposable_mail" and self._to_confirm(who))

    def known(self, who: Candidate) -> Literal["competitor", "customer"] | None:
        """Whether their company is a competitor or a customer of ours."""
        if self._competitors.know(who):
            return "competitor"
        return "customer" if who.customer or self._customers.know(who) else None

    def _is_student(self, who: Candidate) -> bool:
        rules = self._rules.students
        for text in (who.occupation, who.title):
            flat = _flat(text) if text else ""
            if _holds(flat, rules.words) and not _holds(flat, rules.not_words):
                return True
        labels, under = _split(who.domain or "", rules.under)
        return under and any(label in rules.subdomains for label in labels)

    def _to_confirm(self, who: Candidate) -> bool:
        mail = self._rules.private_mail
        return who.role in mail.confirm_roles or (
            who.title is not None and _holds(_flat(who.title), mail.confirm_titles)
        )


class _Known:
    def __init__(self, companies: Companies) -> None:
        self._domains = {domain.lower(): "" for domain in companies.domains}
        self._names = {company(name).core for name in companies.names}

    def know(self, who: Candidate) -> bool:
        if self._domains and who.domain and _listed(who.domain, self._domains) is not None:
            return True
        if not self._names or who.company is None:
            return False
        return (who.norm or company(who.company).core) in self._names


def _listed(domain: str, domains: dict[str, str]) -> str | None:
    """The entry of the domain or of one it is a subdomain of."""
    while "." in domain:
        if domain in domains:
            return domains[domain]
        domain = domain.partition(".")[2]
    return None


def _split(domain: str, under: tuple[str, ...]) -> tuple[list[str], bool]:
    for suffix in under:
        if domain.endswith("." + suffix):
            return domain.removesuffix("." + suffix).split("."), True
    return [], False


def _holds(flat: str, words: tuple[str, ...]) -> bool:
    return bool(flat) and any(_flat(word) in flat for word in words)


@lru_cache(20_000)
def _flat(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
