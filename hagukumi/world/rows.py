"""The rows of people.csv, all that is wrong with them, and the truth of each. Pure. Start with `make_rows`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from hagukumi.world import rates
from hagukumi.world.chance import Floats, one, pick, table
from hagukumi.world.facilities import Facility
from hagukumi.world.humans import Human, other
from hagukumi.world.naming import address_of, facility_as, is_recognised, misspelt, old_form
from hagukumi.world.truth import Persona, PersonTruth
from hagukumi.world.words import MAILBOXES, Word

HEADER = (
    "番号", "氏名", "フリガナ", "メールアドレス", "代表電話", "直通", "内線", "部署", "役職", "言語", "施設名",
    "都道府県", "種別", "送信の根拠", "根拠の日", "取得場所", "取得者", "名刺画像", "掲載ページ", "掲載確認日",
    "利用目的の版", "面識", "職業", "初回接点", "きっかけ", "メール不要", "電話不要",
)  # fmt: skip
FAULTS = {
    "twice": "import.duplicate", "shared_again": "import.duplicate", "bad_address": "import.email",
    "no_name": "import.required", "bad_date": "import.date",
}  # fmt: skip
"""Traps that keep a row out, and the code of the problem it is rejected with."""
_COPIES = ("duplicate", "moved", "twice")
_KINDS = tuple(rates.ROWS)
_FREE = ("freemail.example", "keitai.example")
_UNLISTED = "hitori-mail.example"
_HEADS = ("理事長", "院長", "施設長", "事務長", "代表", "社長")
"""Words that scenarios/rules/ng.yaml asks about instead of passing such people back."""
_PLACES = {
    "同意": ("資料請求フォーム", "オンラインセミナー", "展示会アンケート"),
    "名刺": ("病院展示会", "医療DX展", "訪問", "介護フェア", "地域セミナー"),
    "取引": ("保守のお問い合わせ", "お見積り"),
    "公表": ("", ""),
    "": ("", ""),
}
_TAKERS = ("鈴木", "田中", "山本", "佐藤")
_CAMPAIGNS = ("医療DX展", "病院展示会", "介護フェア", "オンラインセミナー", "資料請求", "紹介", "架電", "サイト検索")


@dataclass(slots=True)
class Row:
    """One row. `kind` is its key of rates.ROWS, or shared_again; `cells` go under HEADER; email is the true one."""

    number: int
    kind: str
    human: Human
    facility: Facility
    email: str
    cells: tuple[str, ...]
    truth: PersonTruth

    @property
    def gets_in(self) -> bool:
        """Whether the import takes it."""
        return self.kind not in FAULTS


def row_kinds(seed: str, count: int) -> tuple[list[str], list[int]]:
    """For each row its kind, and the row whose human it is about: its own, or an earlier plain one."""
    lots = table(seed, "row-kind", count, 2)
    kinds = [_KINDS[n] for n in pick(lots[:, 0], tuple(rates.ROWS.values()))]
    plain = np.flatnonzero([kind == "plain" for kind in kinds])
    sources = list(range(count))
    used = set[int]()
    for number, kind in enumerate(kinds):
        if kind not in _COPIES:
            continue
        before = int(np.searchsorted(plain, number))
        source = int(plain[one(float(lots[number, 1]), before)]) if before else number
        if source == number or source in used:
            kinds[number] = "plain"
        else:
            sources[number] = source
            used.add(source)
    return kinds, sources


def make_rows(seed: str, start: date, humans: list[Human], facilities: list[Facility]) -> list[Row]:
    """One row for each number of `humans`; copies are about the human of an earlier row."""
    kinds, sources = row_kinds(seed, len(humans))
    lots = table(seed, "row", len(humans), 32)
    maker = _Maker(start, facilities)
    rows: list[Row] = []
    for number, kind in enumerate(kinds):
        source = rows[sources[number]] if sources[number] != number else None
        if source is not None and not source.human.facility.truth.listed:
            kind, source = "plain", None
        rows.append(maker.row(number, kind, source, humans[number], lots[number]))
    return rows


class _Maker:
    """Makes rows in their order; an address that is taken gets a number, so the order is part of the truth."""

    def __init__(self, start: date, facilities: list[Facility]) -> None:
        self.start, self.facilities, self.used = start, facilities, set[str]()

    def row(self, number: int, kind: str, source: Row | None, human: Human, drawn: Floats) -> Row:
        lots: list[float] = drawn.tolist()
        if source is not None:
            human = source.human
        if kind == "shared" and human.facility.truth.listed:
            return self._shared(number, human, lots)
        if kind == "shared":
            kind = "plain"
        home = human.facility
        if kind == "moved" and source is not None:
            home = other(home, self.facilities, lots[0])
            self._leaves(source, home, lots)
        traps = [] if kind == "plain" else [kind]
        family = human.family
        if lots[1] < rates.OLD_FORMS and kind != "no_name" and old_form(family.ja) != family.ja:
            family = Word(old_form(family.ja), family.kana, family.latin)
            traps.append("old_form")
        email, private = self._email(kind, human, home, source, lots)
        if private:
            traps.append(private)
        english = lots[2] < rates.ENGLISH and kind == "plain"
        if english:
            traps.append("english")
        written, recognised = self._company(home, lots, traps)
        cells = self._cells(number, kind, family, human, home, email, written, english, lots)
        truth = self._truth(number, human, home, private, recognised, traps, human.persona)
        return Row(number, kind, human, home, email, cells, truth)

    def _shared(self, number: int, human: Human, lots: list[float]) -> Row:
        """A mailbox of the house; the second row with it is rejected, though other people stand behind it."""
        home = human.facility
        local, department = MAILBOXES[one(lots[3], len(MAILBOXES))]
        email = f"{local}@{home.truth.domain}"
        kind = "shared_again" if email in self.used else "shared"
        self.used.add(email)
        traps = [kind]
        written, recognised = self._company(home, lots, traps)
        cells = list(self._cells(number, kind, human.family, human, home, email, written, False, lots))
        cells[HEADER.index("部署")], cells[HEADER.index("役職")] = department, ""
        cells[HEADER.index("直通")] = ""
        truth = self._truth(number, human, home, "", recognised, traps, "shared")
        truth = replace(
            truth, role="user", fast=False, leaves_on=None, moves_to=None, email_dies=None, away=(),
            opens=rates.OPENS["shared"], clicks=rates.CLICKS["shared"], replies=rates.REPLIES["shared"],
            refuses=rates.REFUSES["shared"],
        )  # fmt: skip
        return Row(number, kind, human, home, email, tuple(cells), truth)

    def _leaves(self, source: Row, home: Facility, lots: list[float]) -> None:
        """Whoever moved before the start left the old row behind."""
        source.truth = replace(
            source.truth, leaves_on=-5 - int(lots[4] * 200), moves_to=home.truth.key,
            email_dies="bounce" if source.human.bounces else "auto_reply", traps=(*source.truth.traps, "gone"),
        )  # fmt: skip

    def _email(self, kind: str, human: Human, home: Facility, source: Row | None, lots: list[float]) -> tuple[str, str]:
        """The address, and private_mail or private_unlisted when it is the person's own."""
        if kind == "twice" and source is not None:
            return source.email, ""
        private, domain = "", home.truth.domain
        if home.truth.listed and lots[5] < rates.PRIVATE_MAIL:
            unlisted = lots[6] < rates.PRIVATE_UNLISTED
            private = "private_unlisted" if unlisted else "private_mail"
            domain = _UNLISTED if unlisted else _FREE[one(lots[7], 2)]
        style = home.number + (1 if kind == "duplicate" else 0)
        email = address_of(human.family, human.given, domain, style, self.used)
        self.used.add(email)
        return email, private

    def _company(self, home: Facility, lots: list[float], traps: list[str]) -> tuple[str, bool]:
        """The facility as written, and whether the import will know it again."""
        if not home.truth.listed:
            return home.truth.name, True
        way = tuple(rates.NAME_WAYS)[int(pick(np.asarray(lots[8:9]), tuple(rates.NAME_WAYS.values()))[0])]
        written = facility_as(way, home)
        if written != home.truth.name:
            traps.append(f"name_{way}")
        return written, is_recognised(written, home)

    def _truth(
        self, number: int, human: Human, home: Facility, private: str, recognised: bool, traps: list[str],
        persona: Persona,
    ) -> PersonTruth:  # fmt: skip
        if home is not human.facility and persona == "customer":
            persona = "bystander"
        if home.truth.customer and home.truth.listed and persona != "shared":
            persona = "customer"
        now = human.on(0)
        truth = PersonTruth(
            key=key_of(number), human=human.number, facility=home.truth.key, persona=persona, role=human.role,
            interest=now.interest, stage=now.stage, drift=human.drift, opens=human.opens, clicks=human.clicks,
            replies=human.replies, refuses=human.refuses, fast=human.fast, away=human.away, traps=tuple(traps),
        )  # fmt: skip
        if human.leaves_on is not None and "moved" not in traps:
            moves = human.moves_to.truth.key if human.moves_to is not None else None
            truth = replace(
                truth, leaves_on=human.leaves_on, moves_to=moves,
                email_dies="bounce" if human.bounces else "auto_reply",
            )  # fmt: skip
        return _judged(truth, human, home, private, recognised)

    def _cells(
        self, number: int, kind: str, family: Word, human: Human, home: Facility, email: str, written: str,
        english: bool, lots: list[float],
    ) -> tuple[str, ...]:  # fmt: skip
        post, facility = human.post, home.truth
        between = "　" if lots[9] < 0.2 else "" if kind == "duplicate" and lots[9] > 0.6 else " "
        name, kana = f"{family.ja}{between}{human.given.ja}", f"{family.kana}{between}{human.given.kana}"
        if english:
            name, kana = f"{family.latin} {human.given.latin}", ""
        if kind == "no_name":
            name, kana = "", ""
        if kind == "bad_address":
            email = misspelt(email, lots[10])
        digits = f"{number % 10_000:04d}"
        direct = f"{home.phone[:-4]}{digits}" if lots[11] < 0.3 else ""
        extension = f"{int(digits) % 900 + 100}" if lots[12] < 0.25 else ""
        ground = self._ground(kind, home, lots)
        occupation = post.title if facility.kind == "university" and "学生" in post.title else ""
        kind_word = "" if facility.listed else "その他" if facility.kind == "university" else "企業"
        campaign = _CAMPAIGNS[one(lots[13], len(_CAMPAIGNS))]
        # Nobody hands over a card before we have met.
        first = self._day(max(40 + int(lots[14] * 600), _ground_back(lots)), 0.0)
        refuses = ("はい" if lots[15] < rates.REFUSES_MAIL else "", "はい" if lots[16] < rates.REFUSES_PHONE else "")
        return (
            key_of(number), name, kana, email, home.phone, direct, extension,
            post.department, post.title, "en" if english else "ja", written, facility.prefecture, kind_word, *ground,
            occupation, first, campaign, *refuses,
        )  # fmt: skip

    def _ground(self, kind: str, home: Facility, lots: list[float]) -> tuple[str, ...]:
        """Ground, its day, place, taker, image, page, day of the page, version of the purpose, acquainted."""
        ground = tuple(rates.GROUNDS)[int(pick(np.asarray(lots[17:18]), tuple(rates.GROUNDS.values()))[0])]
        day = self._day(_ground_back(lots), lots[19])
        if kind == "bad_date":
            ground, day = "名刺", ("2026/13/45", "4月中旬", "昨年秋ごろ")[one(lots[20], 3)]
        places = _PLACES[ground]
        where = places[one(lots[21], len(places))]
        taker = _TAKERS[one(lots[22], len(_TAKERS))] if ground in ("名刺", "取引") else ""
        image = f"card-{int(lots[23] * 1_000_000):06d}" if ground == "名刺" else ""
        page = f"https://www.{home.truth.domain}/contact" if ground == "公表" else ""
        purpose = "2025-04" if ground == "同意" else ""
        known = "はい" if ground in ("名刺", "取引") else ""
        return (ground, day if ground else "", where, taker, image, page, day if page else "", purpose, known)

    def _day(self, back: int, lot: float) -> str:
        """A day before the start, written in one of four ways."""
        day = self.start - timedelta(days=back)
        forms = (
            f"{day:%Y/%m/%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d}",
            f"令和{day.year - 2018}年{day.month}月{day.day}日",
        )  # fmt: skip
        return forms[0] if lot < 0.7 else forms[1 + one((lot - 0.7) / 0.3, 3)]


def _ground_back(lots: list[float]) -> int:
    """Days before the start on which the ground to write was got."""
    return 3 + int(lots[18] * 500)


def key_of(number: int) -> str:
    """The key of a row."""
    return f"P{number + 1:06d}"


def _judged(truth: PersonTruth, human: Human, home: Facility, private: str, recognised: bool) -> PersonTruth:
    """Who is no lead, and whether scenarios/rules/ng.yaml notices, for this reason or another."""
    if truth.persona == "competitor":
        return replace(truth, ng="competitor", caught="unlisted" not in home.truth.traps)
    if truth.persona == "student":
        return replace(truth, ng="student", caught="学生" in human.post.title or "院生" in human.post.title)
    own = bool(private) and not any(word in human.post.title for word in _HEADS)
    if home.truth.customer:
        known = recognised and "unrecorded" not in home.truth.traps
        return replace(truth, ng="customer", caught=known or (own and private == "private_mail"))
    return replace(truth, ng="private_mail", caught=private == "private_mail") if own else truth
