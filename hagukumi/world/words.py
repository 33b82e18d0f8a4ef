"""Words that the example's names are made of, and the posts people hold. Pure data; nothing here names a real body.

A facility is called after an invented place: a word of weather or plants, and an ending that no town has.
"""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    """Written, read, and in Latin letters."""

    ja: str
    kana: str
    latin: str


def _words(text: str) -> tuple[Word, ...]:
    return tuple(Word(*line.split("/")) for line in text.split())


PLACES = _words(
    "綿雲/ワタグモ/watagumo 朝靄/アサモヤ/asamoya 夕凪/ユウナギ/yunagi 糸雨/イトサメ/itosame 風花/カザハナ/kazahana "
    "星影/ホシカゲ/hoshikage 月暈/ツキガサ/tsukigasa 虹霓/コウゲイ/kogei 霧笛/ムテキ/muteki 雪洞/ボンボリ/bonbori "
    "花筏/ハナイカダ/hanaikada 草笛/クサブエ/kusabue 木霊/コダマ/kodama 水鏡/ミズカガミ/mizukagami "
    "玉響/タマユラ/tamayura 蛍火/ホタルビ/hotarubi 鈴虫/スズムシ/suzumushi 萌黄/モエギ/moegi 浅葱/アサギ/asagi "
    "瑠璃/ルリ/ruri 琥珀/コハク/kohaku 翡翠/ヒスイ/hisui 珊瑚/サンゴ/sango 瑪瑙/メノウ/meno 朧月/オボロヅキ/oborozuki "
    "薄氷/ウスライ/usurai 若苗/ワカナエ/wakanae 落穂/オチボ/ochibo 空蝉/ウツセミ/utsusemi 笹舟/ササブネ/sasabune "
    "雨音/アマオト/amaoto 潮騒/シオサイ/shiosai 木漏/コモレ/komore 陽炎/カゲロウ/kagero 霜柱/シモバシラ/shimobashira "
    "氷柱/ツララ/tsurara 春雷/シュンライ/shunrai 夕虹/ユウニジ/yuniji 朝虹/アサニジ/asaniji 綾雲/アヤグモ/ayagumo"
)
"""Never the name of a municipality. An invented town is called one of these too."""
ENDINGS = _words(
    "ヶ鏡/ガカガミ/kagami ヶ笛/ガフエ/fue の綾/ノアヤ/aya ヶ雫/ガシズク/shizuku の鈴/ノスズ/suzu ヶ虹/ガニジ/niji "
    "の紬/ノツムギ/tsumugi ヶ梢/ガコズエ/kozue の灯/ノアカリ/akari ヶ靄/ガモヤ/moya の絃/ノイト/ito "
    "ヶ蛍/ガホタル/hotaru の栞/ノシオリ/shiori ヶ氷/ガコオリ/kori の櫂/ノカイ/kai ヶ凪/ガナギ/nagi "
    "の繭/ノマユ/mayu ヶ萌/ガモエ/moe の鞠/ノマリ/mari ヶ霞/ガカスミ/kasumi"
)
"""Where place names end in 沢, 台 or ヶ原, these end in things no town is called after: that keeps them invented."""

HOSPITAL_NAMES = _words(
    "病院/ビョウイン/hp 記念病院/キネンビョウイン/mhp 総合病院/ソウゴウビョウイン/ghp "
    "医療センター/イリョウセンター/mc リハビリテーション病院/リハビリテーションビョウイン/rhp"
)
CLINIC_NAMES = _words(
    "クリニック/クリニック/cl 内科クリニック/ナイカクリニック/icl 診療所/シンリョウジョ/sh 医院/イイン/in "
    "整形外科/セイケイゲカ/oc"
)
CARE_NAMES = {
    "特別養護老人ホーム": ("特別養護老人ホーム{}苑", "トクベツヨウゴロウジンホーム{}エン"),
    "介護老人保健施設": ("介護老人保健施設{}荘", "カイゴロウジンホケンシセツ{}ソウ"),
    "有料老人ホーム": ("{}ホーム", "{}ホーム"),
}

ENTITIES = {
    "医療法人": ("医療法人社団{}会", "医療法人社団{}会", "医療法人財団{}会", "医療法人{}会"),
    "社会医療法人": ("社会医療法人{}会",),
    "社会福祉法人": ("社会福祉法人{}福祉会",),
    "財団": ("公益財団法人{}財団", "一般財団法人{}財団"),
    "学校法人": ("学校法人{}学園",),
    "生協": ("{}医療生活協同組合",),
    "厚生連": ("{}厚生農業協同組合連合会",),
    "県立": ("{}広域病院企業団",),
    "国立": ("国立大学法人{}大学",),
    "独立行政法人": ("独立行政法人{}医療機構",),
    "地方独立行政法人": ("地方独立行政法人{}病院機構",),
    "会社": ("株式会社{}ケア", "{}ケア株式会社", "株式会社{}ライフ"),
}
"""By owner type; {} is the invented name. A city owns its hospital itself, and a sole owner has no entity."""
SHORT_FORMS = (
    ("社会医療法人", "(社医)"), ("医療法人社団", "(医社)"), ("医療法人財団", "(医)"), ("医療法人", "(医)"),
    ("社会福祉法人", "(福)"), ("地方独立行政法人", "(地独)"), ("独立行政法人", "(独)"), ("株式会社", "㈱"),
)  # fmt: skip


class Prefecture(NamedTuple):
    """A prefecture, its number of hospitals (MHLW, end of January 2022) and its area code."""

    name: str
    hospitals: int
    area: str


PREFECTURES = tuple(
    Prefecture(name, int(hospitals), area)
    for name, hospitals, area in (
        line.split("/")
        for line in (
            "北海道/538/011 青森県/93/017 岩手県/92/019 宮城県/135/022 秋田県/65/018 山形県/67/023 福島県/124/024 "
            "茨城県/172/029 栃木県/109/028 群馬県/128/027 埼玉県/343/048 千葉県/289/043 東京都/632/03 神奈川県/337/045 "
            "新潟県/124/025 富山県/106/076 石川県/91/076 福井県/67/0776 山梨県/60/055 長野県/126/026 岐阜県/98/058 "
            "静岡県/170/054 愛知県/318/052 三重県/93/059 滋賀県/58/077 京都府/161/075 大阪府/510/06 兵庫県/347/078 "
            "奈良県/75/0742 和歌山県/83/073 鳥取県/43/0857 島根県/46/0852 岡山県/159/086 広島県/235/082 山口県/140/083 "
            "徳島県/106/088 香川県/89/087 愛媛県/134/089 高知県/121/088 福岡県/453/092 佐賀県/97/0952 長崎県/148/095 "
            "熊本県/206/096 大分県/151/097 宮崎県/133/0985 鹿児島県/232/099 沖縄県/89/098"
        ).split()
    )
)


class Post(NamedTuple):
    """A post: how common it is, the role it means in private and in public houses, whether one house has many."""

    title: str
    department: str
    weight: float
    private: str
    public: str
    many: bool = False


def _posts(text: str) -> tuple[Post, ...]:
    found = []
    for line in text.strip().splitlines():
        title, department, weight, private, public, *many = line.split()
        found.append(Post(title, "" if department == "-" else department, float(weight), private, public, bool(many)))
    return tuple(found)


POSTS = {
    "hospital": _posts("""
        理事長 法人本部 2 decision_maker influencer
        院長 診療部 4 influencer influencer
        副院長 診療部 3 influencer influencer
        事務長 事務部 11 decision_maker influencer
        看護部長 看護部 9 veto veto
        副看護部長 看護部 5 influencer influencer
        看護師長 看護部 20 influencer influencer many
        看護主任 看護部 8 user user many
        医事課長 医事課 9 influencer influencer
        医事課主任 医事課 6 user user many
        用度課長 用度課 6 purchaser purchaser
        用度課主任 用度課 3 purchaser purchaser many
        情報システム室長 情報システム室 5 veto veto
        情報システム担当 情報システム室 4 user user many
        総務課長 総務課 6 influencer influencer
        経営企画室長 経営企画室 3 influencer influencer
        人事課長 人事課 3 influencer influencer
        院長秘書 秘書室 1 gatekeeper gatekeeper
        """),
    "clinic": _posts("""
        理事長 - 6 decision_maker influencer
        院長 - 30 decision_maker influencer
        事務長 事務部 20 decision_maker influencer
        看護師長 看護部 12 influencer influencer
        看護主任 看護部 10 user user many
        医療事務 医事課 12 user user many
        受付 - 6 gatekeeper gatekeeper many
        """),
    "care_home": _posts("""
        理事長 法人本部 3 decision_maker influencer
        施設長 - 28 decision_maker influencer
        事務長 事務部 12 decision_maker influencer
        法人本部長 法人本部 3 decision_maker influencer
        介護主任 介護部 22 user user many
        看護主任 看護部 9 user user many
        介護リーダー 介護部 10 user user many
        ケアマネジャー 相談室 9 user user many
        総務課長 総務課 4 influencer influencer
        """),
    "rival": _posts("""
        営業部長 営業部 3 opponent opponent many
        製品企画課長 企画部 2 opponent opponent many
        営業担当 営業部 4 opponent opponent many
        """),
    "dealer": _posts("""
        代理店営業部長 営業部 2 dealer dealer many
        販売店担当 営業部 3 dealer dealer many
        """),
    "university": _posts("""
        学生 看護学部 4 user user many
        大学院生 医療経営研究科 3 user user many
        修士2年 医療経営研究科 1 user user many
        """),
}
PUBLIC = frozenset({"市立", "県立", "国立", "独立行政法人", "地方独立行政法人", "厚生連", "生協", "学校法人"})
OTHER_ROLES = ("champion", "opponent", "influencer", "user", "decision_maker")
"""What somebody may really be, whatever the title says."""

OLD = {"高": "髙", "崎": "﨑", "斎": "齋", "斉": "齊", "辺": "邊", "桜": "櫻", "沢": "澤", "島": "嶋"}
"""New form -> old form, as people write themselves; all of them exist in CP932."""
MAILBOXES = (("jimu", "事務部"), ("info", ""), ("soumu", "総務課"), ("iji", "医事課"))
"""Mailboxes that several people use, and where they sit."""
