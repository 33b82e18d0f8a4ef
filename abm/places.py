"""Prefectures, regions and larger cities, as names and addresses write them. Pure data; start with `place_in`."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

PREFECTURES = tuple(
    (
        "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 "
        "新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 "
        "奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 "
        "熊本県 大分県 宮崎県 鹿児島県 沖縄県"
    ).split()
)
_REGIONS = (
    "東日本 西日本 東北 関東 北関東 首都圏 甲信越 北陸 東海 中部 関西 近畿 中国 四国 九州 北日本 南九州 東部 "
    "西部 南部 北部 中央"
)
_CITIES = (
    "札幌 旭川 函館 釧路 帯広 苫小牧 八戸 弘前 盛岡 仙台 郡山 いわき 会津 水戸 つくば 日立 宇都宮 小山 前橋 "
    "高崎 太田 大宮 浦和 川越 川口 熊谷 所沢 越谷 船橋 柏 松戸 市川 成田 木更津 新宿 渋谷 品川 池袋 上野 銀座 "
    "丸の内 八王子 立川 町田 横浜 川崎 厚木 小田原 藤沢 平塚 横須賀 相模原 湘南 長岡 上越 高岡 金沢 小松 甲府 "
    "松本 諏訪 上田 沼津 浜松 富士 三島 名古屋 豊橋 岡崎 豊田 一宮 刈谷 四日市 津 鈴鹿 大津 草津 彦根 堺 梅田 "
    "難波 枚方 東大阪 豊中 茨木 神戸 姫路 尼崎 西宮 明石 加古川 米子 松江 出雲 倉敷 福山 呉 下関 宇部 周南 "
    "防府 高松 松山 新居浜 今治 北九州 小倉 久留米 博多 天神 佐世保 諫早 八代 別府 延岡 都城 那覇 沖縄"
)
SHORT = frozenset(re.sub("(?<=.{2})[都府県]$", "", name) for name in PREFECTURES)
PLACES = SHORT | frozenset(PREFECTURES) | frozenset(_REGIONS.split()) | frozenset(_CITIES.split())
_AHEAD = re.compile("|".join(PREFECTURES))
_DIGITS = "一二三四五六七八九"
_CHOME = re.compile(f"([{_DIGITS}])丁目")
_ANY_TOWN = re.compile(rf"(?:{_AHEAD.pattern})?\S{{0,8}}[市区町村郡]")
# 市川市, 町田市: the first letter may be any.
_TOWN = re.compile(r"[^\s\d][^\s\d市区町村]{0,5}[市区町村]")
_IN_FULL = {re.sub("(?<=.{2})[都府県]$", "", name): name for name in PREFECTURES}


class Place(NamedTuple):
    """Where an organisation is, as far as it is known; '' is not known."""

    prefecture: str = ""
    town: str = ""

    def differs(self, other: Place) -> bool:
        """Whether the two are apart for certain."""
        return _unlike(self.prefecture, other.prefecture) or _unlike(self.town, other.town)

    def agrees(self, other: Place) -> bool:
        """Whether they are in one town, or in one prefecture where only one tells its town."""
        if self.differs(other):
            return False
        towns = bool(self.town and other.town)
        return towns or bool(self.prefecture and self.prefecture == other.prefecture)

    def shared(self, other: Place) -> Place:
        """What both tell, and tell alike."""
        town = self.town if self.town == other.town else ""
        return Place(self.prefecture if self.prefecture == other.prefecture else "", town)


def place_in(address: str) -> Place:
    """The prefecture, and the city, ward, town or village that an address names first."""
    text = unicodedata.normalize("NFKC", address).strip()
    text = text.lstrip("〒0123456789- ")
    ahead = _AHEAD.match(text)
    rest = text[ahead.end() :].strip() if ahead else text
    found = _TOWN.match(rest)
    return Place(ahead[0] if ahead else _IN_FULL.get(text, ""), found[0] if found else "")


def address_in(text: str) -> str:
    """An address to compare: 港区芝1丁目2番3号 and 港区芝１−２−３ are one; '' without a house number."""
    flat = unicodedata.normalize("NFKC", text).strip()
    if flat[:1] in "〒0123456789":
        flat = flat.lstrip("〒0123456789- ")
    flat = _AHEAD.sub("", flat, count=1) if _AHEAD.match(flat) else flat
    flat = _CHOME.sub(lambda found: f"{_DIGITS.index(found[1]) + 1}-", flat)
    flat = re.sub(r"\s*([‐‑–—―−ー]|丁目|番地の?|番|号)\s*(?=\d|$|\s)", "-", flat)
    found = re.match(r"(\D+)(\d+(?:-+\d+)*)", flat)
    return re.sub(r"\s+", "", found[1]) + re.sub("-+", "-", found[2]) if found else ""


def _unlike(one: str, other: str) -> bool:
    return bool(one and other) and one != other


def is_place(text: str) -> bool:
    """Whether the words are a prefecture, a city or a town: 東京, 大阪市北区, 港区, 宮城県仙台市."""
    return text in PLACES or _ANY_TOWN.fullmatch(text) is not None
