"""Names of companies and facilities for matching only; what is entered stays as it is. Pure. Start with `company`."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from hagukumi.journeys.language.owner_types import owner_type_of
from hagukumi.pipeline.owners import Owned, owned, owner_alone, owner_in_full

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
    "(特非)",
    "(NPO)",
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
_SAME_FORM |= {"npo法人": "特定非営利活動法人", "(特非)": "特定非営利活動法人", "(npo)": "特定非営利活動法人"}
_SAME_FORM |= {"(名)": "合名会社", "(資)": "合資会社", "(学)": "学校法人", "(宗)": "宗教法人"}
_SAME_FORM |= {"(財)": "財団法人", "(社)": "社団法人", "(一財)": "一般財団法人", "(一社)": "一般社団法人"}
_SAME_FORM |= {"(公財)": "公益財団法人", "(公社)": "公益社団法人"}
_AHEAD = re.compile("|".join(sorted(map(re.escape, map(str.lower, LEGAL_FORMS)), key=len, reverse=True)))
_LATIN_AFTER = re.compile(
    r"[\s,]+(inc|corp|corporation|co|company|ltd|limited|llc|plc|gmbh|ag|co\.,?\s*ltd|co\.,?\s*limited)\.?$"
)
_NOT_LETTERS = re.compile(r"[\s\u3000・･.,'’\"\-‐‑–—―−=()「」『』&]+")
# グリ−ン, センタ-: another dash stands for the long vowel. The plain hyphen parts words, too, save at the end.
_DASH = re.compile(r"(?<=[ァ-ヺー])(?:[‐‑–—―−]|-(?=ン|$|[\s(一-龠]))")
_LETTERS_APART = re.compile(r"[^\s\x00-\x7f](?: [^\s\x00-\x7f]){2,}")
_OWNER_ENDS = re.compile(r"(株式会社|有限会社|合同会社|\([株有同]\)|企業団|事務組合|広域連合|連合会|共済組合|厚生連)$")
FACILITY_ENDS = re.compile(
    r"(病院|医療センター|クリニック|診療所|医院|[内外]科|小児科|歯科|眼科|皮膚科|耳鼻科|咽喉科|婦人科|泌尿器科|"
    r"センター|ホーム|施設|苑|園|荘|の里|の郷|ステーション|ケア)$"
)
_HALF_OPEN = re.compile(r"^(医社|医|福|株|有|学)\)")
# 中村 内科: a surname of two letters may end like a town.
_ONE_TOWN = re.compile(r"\S{2,9}[市区町村]")
_TOWN = re.compile(r"\S{1,7}[都道府県市区町村]")
_TOO_BARE = {"", "病院", "医院", "クリニック", "診療所", "センター", "中央病院", "総合病院", "会"}
_OLD_FORMS = str.maketrans("髙﨑神德濵邊邉齋齊澤廣國惠眞櫻嶋", "高崎神徳浜辺辺斎斉沢広国恵真桜島")

_PAIRS = (
    "髙高 﨑崎 德徳 濵浜 濱浜 邊辺 邉辺 齋斎 齊斉 澤沢 廣広 國国 惠恵 眞真 櫻桜 嶋島 瀧滝 藏蔵 學学 會会 醫医 "
    "圖図 鐵鉄 榮栄 壽寿 佛仏 萬万 與与 來来 豐豊 禮礼 應応 曉暁 靜静 讀読 發発 變変 寶宝 寳宝 實実 縣県 號号 "
    "證証 總総 圓円 彌弥 淺浅 灣湾 礦鉱 鑛鉱 驛駅 團団 亞亜 壓圧 價価 嚴厳 擴拡 舊旧 氣気 經経 檢検 權権 顯顕 "
    "參参 棧桟 絲糸 從従 條条 狀状 稻稲 聲声 專専 淸清 禪禅 雙双 莊荘 增増 臺台 晝昼 廳庁 轉転 傳伝 燈灯 當当 "
    "獨独 繩縄 賣売 藥薬 譯訳 餘余 譽誉 樣様 覽覧 兩両 綠緑 勞労 樓楼 錄録 鷄鶏 龜亀"
)
_OLD = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_VOICED = {"ヴア": "バ", "ヴイ": "ビ", "ヴエ": "ベ", "ヴオ": "ボ", "ヴ": "ブ", "ヂ": "ジ", "ヅ": "ズ", "ヲ": "オ"}
_NUMBERS = str.maketrans("一二三四五六七八九", "123456789")
_ORDINAL = re.compile(r"第([一二三四五六七八九])(?!生命)")
# コンピューター and コンピュータ are one word; ビール and ビル are two. Inside a word only where it is one of these.
_LOANS = (
    "コンピュータ センタ メーカ ディーラ モータ ヒータ フィルタ プリンタ スキャナ ドライバ サーバ ユーザ ブラウザ "
    "エネルギ テクノロジ アカデミ ファクトリ セキュリティ インダストリ カンパニ ファミリ ギャラリ ライブラリ バッテリ "
    "レーザ フォルダ ヘルパ リーダ トレーナ パートナ デザイナ メンバ パワ シャワ ドクタ マスタ ポスタ エレベータ "
    "クーラ ボイラ タイマ スーパ ミキサ"
)
_LOAN = re.compile(f"({'|'.join(_LOANS.split())})ー")
_LAST_LONG = re.compile(r"(?<=[ァ-ヺ][ァ-ヺー][ァ-ヺー])ー(?![ァ-ヺー])")
_KE = re.compile(r"(?<=[一-龠々])[ヶケがガ](?=[一-龠])")
_NO = re.compile(r"(?<=[一-龠々])[ノ之の乃](?=[一-龠])")
_TWICE = re.compile(r"([都道府県市区町村])(?:(?=\1立)|\1(?=立))\1?(?=立)")


class Company(NamedTuple):
    """A company's name taken apart: its letters, the legal form, where the form stood, and its legal entity.

    `core` is what is compared. form_at is 'before', 'after' or '' (none). `entity` is set when the entered name holds
    the legal entity and its facility (医療法人社団青葉会　青葉台記念病院); `norm`, `core` and `form` then speak of the
    facility. place: the town or prefecture ahead of a facility. short: its public owner is abbreviated (KKR).
    """

    norm: str
    form: str = ""
    form_at: str = ""
    entity: str | None = None
    place: str = ""
    short: bool = False

    @property
    def core(self) -> str:
        """The letters with every way of writing them made one: 緑ヶ丘 and 緑ケ丘, 髙 and 高."""
        return fold(self.norm)

    def signature(self) -> str:
        """Two names of the same core are the same company only if their signatures agree or one has no form."""
        return f"{self.form_at}:{self.form}" if self.form else ""


@lru_cache(20_000)
def company(entered: str) -> Company:
    """Takes a name apart. 株式会社青葉 and 青葉株式会社 have one norm but two signatures: a person decides."""
    text = _flat(entered)
    public = _public(text)
    if public is not None:
        return Company(_letters(public.facility), "", "", public.entity, public.place, public.short)
    entity, facility = _entity_and_facility(entered)
    if entity is not None:
        return Company(_letters(_flat(facility)), entity=entity)
    town, space, rest = text.partition(" ")
    if space and _ONE_TOWN.fullmatch(town) and FACILITY_ENDS.search(rest) and rest not in _TOO_BARE:
        return company(rest)._replace(place=town)
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


@lru_cache(20_000)
def fold(core: str) -> str:
    """Ways of writing one and the same word made one: old characters, small kana, a last long vowel, 第二 and 第2."""
    text = core.translate(_OLD)
    text = _KE.sub("ケ", text)
    text = _NO.sub("の", text)
    text = _LOAN.sub(r"\1", _LAST_LONG.sub("", text))
    text = _ORDINAL.sub(lambda found: "第" + found[1].translate(_NUMBERS), text)
    text = text.translate(_SMALL)
    for written, meant in _VOICED.items():
        text = text.replace(written, meant)
    return _TWICE.sub(r"\1", text)


def same_company(one: Company, other: Company) -> bool:
    """Whether equal cores mean one company: forms and legal entities agree, or one of the names has none."""
    if one.entity and other.entity and entity_core(one.entity) != entity_core(other.entity):
        return False
    return not one.form or not other.form or one.signature() == other.signature()


@lru_cache(20_000)
def entity_core(entered: str) -> str:
    """What is compared of a legal entity's name: JCHO and 独立行政法人地域医療機能推進機構 are one."""
    return company(owner_in_full(_flat(entered))).core


def _public(text: str) -> Owned | None:
    return owned(text) if FACILITY_ENDS.search(text) is not None else None


def _entity_and_facility(entered: str) -> tuple[str | None, str]:
    parts = entered.split()
    if not parts:
        return None, entered
    if len(parts) == 2 and _TOWN.fullmatch(parts[0]) and parts[1].startswith(f"{parts[0]}立"):
        return parts[0], parts[1]
    # 医療法人社団 青葉会 青葉台病院: a form alone belongs to the word behind it.
    size = 2 if _AHEAD.fullmatch(_flat(parts[0])) else 1
    entity, facility = " ".join(parts[:size]), "".join(parts[size:])
    named = _AHEAD.match(_flat(entity)) or _OWNER_ENDS.search(_flat(entity))
    if not named or FACILITY_ENDS.search(facility) is None:
        return None, entered
    return entity, facility


def _flat(name: str) -> str:
    # 医社）青葉会: bank lists leave the first bracket out.
    flat = _HALF_OPEN.sub(r"(\1)", unicodedata.normalize("NFKC", name).strip().lower())
    flat = _DASH.sub("ー", re.sub(r"\s+", " ", flat))
    return flat.replace(" ", "") if _LETTERS_APART.fullmatch(flat) else flat


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
_OF_COMPANIES = (None, "会社", "社団", "その他")
_PUBLIC_NAME = re.compile(r"公立(?!大学)|.{0,6}[都道府県市区町村]立")
_NARROWER = frozenset({("医療法人", "社会医療法人"), ("社会福祉法人", "済生会")})
"""(as a list says, as the name says): what the list says is true, and the name says more."""


@lru_cache(20_000)
def kind_of(entered: str) -> str:
    """hospital, clinic, care_home, company or other, by the name alone."""
    flat = _flat(entered)
    for kind, pattern in _KINDS:
        if pattern.search(flat):
            return kind
    return "company" if company(entered).form and owner_of(entered) in _OF_COMPANIES else "other"


def owner_of(entered: str) -> str | None:
    """The owner type (開設主体) that a legal form, an owner or 市立 in the name tells, or None."""
    found = company(entered)
    alone = owner_alone(_flat(entered))
    told = owner_type_of(alone or found.entity or (found.form if found.form_at else ""))
    return told or ("公立" if _PUBLIC_NAME.match(_flat(entered)) else None)


def owner_told(written: str | None, *names: str | None) -> str | None:
    """The owner type of a facility by what a list says of it and by its names, those of its owner first."""
    told = owner_type_of(written) if written else None
    named = next((owner for name in names if name and (owner := owner_of(name))), None)
    return named if told is None or (told, named) in _NARROWER else told
