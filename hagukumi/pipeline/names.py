"""Names of companies and facilities for matching only; what is entered stays as it is. Pure. Start with `company`."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

LEGAL_FORMS = (
    "特定医療法人社団",
    "特定医療法人財団",
    "社会医療法人社団",
    "社会医療法人財団",
    "医療法人社団",
    "医療法人財団",
    "社会医療法人",
    "特定医療法人",
    "医療法人",
    "社会福祉法人",
    "地方独立行政法人",
    "独立行政法人",
    "国立研究開発法人",
    "大学共同利用機関法人",
    "国立大学法人",
    "公立大学法人",
    "学校法人",
    "宗教法人",
    "特定非営利活動法人",
    "NPO法人",
    "一般社団法人",
    "一般財団法人",
    "公益社団法人",
    "公益財団法人",
    "社団法人",
    "財団法人",
    "有限責任監査法人",
    "監査法人",
    "弁護士法人",
    "税理士法人",
    "投資法人",
    "技術研究組合",
    "農業協同組合",
    "漁業協同組合",
    "国家公務員共済組合連合会",
    "厚生農業協同組合連合会",
    "厚生連",
    "医療生活協同組合",
    "医療生協",
    "生活協同組合",
    "生協",
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "相互会社",
    "(医社)",
    "(医)",
    "(福)",
    "(独)",
    "(株)",
    "(有)",
    "(同)",
    "(名)",
    "(資)",
    "(財)",
    "(社)",
    "(一財)",
    "(一社)",
    "(公財)",
    "(公社)",
    "(学)",
    "(宗)",
    "(地独)",
    "(国研)",
)
_SAME_FORM = {"(株)": "株式会社", "(有)": "有限会社", "(同)": "合同会社", "(医)": "医療法人", "(医社)": "医療法人社団"}
_SAME_FORM |= {
    "(福)": "社会福祉法人",
    "(独)": "独立行政法人",
    "(地独)": "地方独立行政法人",
    "(国研)": "国立研究開発法人",
}
_SAME_FORM |= {"(名)": "合名会社", "(資)": "合資会社", "(学)": "学校法人", "(宗)": "宗教法人"}
_SAME_FORM |= {"(財)": "財団法人", "(社)": "社団法人", "(一財)": "一般財団法人", "(一社)": "一般社団法人"}
_SAME_FORM |= {"(公財)": "公益財団法人", "(公社)": "公益社団法人"}
_AHEAD = re.compile("|".join(sorted(map(re.escape, map(str.lower, LEGAL_FORMS)), key=len, reverse=True)))
_LATIN_AFTER = re.compile(
    r"[\s,]+(inc|corp|corporation|co|company|ltd|limited|llc|plc|gmbh|ag|co\.,?\s*ltd|co\.,?\s*limited)\.?$"
)
_NOT_LETTERS = re.compile(r"[\s\u3000・･.,'’\"\-‐‑–—()「」『』&]+")
FACILITY_ENDS = re.compile(
    r"(病院|医療センター|クリニック|診療所|医院|[内外]科|小児科|歯科|眼科|皮膚科|耳鼻科|咽喉科|婦人科|泌尿器科|"
    r"センター|ホーム|施設|苑|園|荘|の里|の郷|ステーション|ケア)$"
)
_TOO_BARE = {"", "病院", "医院", "クリニック", "診療所", "センター", "中央病院", "総合病院", "会"}
_OLD_FORMS = str.maketrans("髙﨑神德濵邊邉齋齊澤廣國惠眞櫻嶋", "高崎神徳浜辺辺斎斉沢広国恵真桜島")


class Company(NamedTuple):
    """A company's name taken apart: what is compared, the legal form, where the form stood, and its legal entity.

    form_at is 'before', 'after' or '' (none). `entity` is set when the entered name holds the legal entity and its
    facility (医療法人社団青葉会　青葉台記念病院); `norm` and `form` then speak of the facility.
    """

    norm: str
    form: str = ""
    form_at: str = ""
    entity: str | None = None

    def signature(self) -> str:
        """Two names of the same norm are the same company only if their signatures agree or one has no form."""
        return f"{self.form_at}:{self.form}" if self.form else ""


@lru_cache(20_000)
def company(entered: str) -> Company:
    """Takes a name apart. 株式会社青葉 and 青葉株式会社 have one norm but two signatures: a person decides."""
    entity, facility = _entity_and_facility(entered)
    if entity is not None:
        return Company(_letters(_flat(facility)), entity=entity)
    text = _flat(entered)
    ahead = _AHEAD.match(text)
    # 生協病院 is a name of its own, not a 病院 of the form 生協.
    if ahead is not None and text[ahead.end() :].strip() not in _TOO_BARE:
        return Company(_letters(text[ahead.end() :]), _form(ahead[0]), "before")
    for found in _AHEAD.finditer(text):
        if found.end() == len(text) and found.start() > 0:
            return Company(_letters(text[: found.start()]), _form(found[0]), "after")
    latin = _LATIN_AFTER.search(text)
    if latin is not None and latin.start() > 0:
        return Company(_letters(text[: latin.start()]), "latin", "after")
    return Company(_letters(text))


def same_company(one: Company, other: Company) -> bool:
    """Whether equal norms mean one company: the forms agree, or one of the names has none."""
    return not one.form or not other.form or one.signature() == other.signature()


def _entity_and_facility(entered: str) -> tuple[str | None, str]:
    parts = entered.replace("\u3000", " ").split()
    if len(parts) < 2 or not _AHEAD.match(_flat(parts[0])):
        return None, entered
    if FACILITY_ENDS.search(parts[-1]) is None or _AHEAD.fullmatch(_flat(parts[0])):
        return None, entered
    return " ".join(parts[:-1]), parts[-1]


def _flat(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().lower()


def _form(found: str) -> str:
    return _SAME_FORM.get(found, found)


def _letters(flat: str) -> str:
    return _NOT_LETTERS.sub("", flat).translate(_OLD_FORMS) or flat


_KINDS = (
    ("hospital", re.compile(r"(病院|医療センター|hospital|medical center)$")),
    ("clinic", re.compile(r"(クリニック|診療所|医院|内科|外科|小児科|整形外科|歯科|clinic)$")),
    (
        "care_home",
        re.compile(r"(老人ホーム|老健|老人保健施設|介護老人|介護医療院|デイサービス|ホーム|苑|園|荘|の里|の郷)"),
    ),
)
_OWNERS = (
    ("社会医療法人", "社会医療法人"),
    ("医療法人", "医療法人"),
    ("社会福祉法人", "社会福祉法人"),
    ("地方独立行政法人", "地方独立行政法人"),
    ("独立行政法人", "独立行政法人"),
    ("学校法人", "学校法人"),
    ("国立大学法人", "国立大学法人"),
    ("厚生連", "厚生連"),
    ("厚生農業協同組合", "厚生連"),
    ("医療生", "生協"),
    ("生活協同組合", "生協"),
    ("財団法人", "財団"),
    ("株式会社", "会社"),
    ("有限会社", "会社"),
    ("合同会社", "会社"),
)


@lru_cache(20_000)
def kind_of(entered: str) -> str:
    """hospital, clinic, care_home, company or other, by the name alone."""
    flat = _flat(entered)
    for kind, pattern in _KINDS:
        if pattern.search(flat):
            return kind
    return "company" if company(entered).form and owner_of(entered) in (None, "会社") else "other"


def owner_of(entered: str) -> str | None:
    """The owner type (開設主体) that a legal form in the name tells, or None."""
    found = company(entered)
    text = found.entity or (found.form if found.form_at else "")
    for word, owner in _OWNERS:
        if word in text:
            return owner
    return "公立" if re.match(r".{0,6}[都道府県市町村]立", _flat(entered)) else None
