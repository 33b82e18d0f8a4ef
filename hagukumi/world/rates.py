"""Every rate of the example's market, with where it comes from. Pure data. docs/world.md shows all of them.

A rate is read from its constant; `RATES` lists them for the page and for the test that compares the two.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

from hagukumi.journeys.core.values import Words


class Rate(NamedTuple):
    """One rate. `where` is the file of this room that uses it; `shown` is the value as the page prints it."""

    name: str
    what: Words
    value: Any
    source: Words
    where: str

    @property
    def shown(self) -> str:
        """The value in one line."""
        return _shown(self.value)


RATES: dict[str, Rate] = {}
_T = TypeVar("_T")


def rate(name: str, value: _T, ja: str, en: str, source: Words, where: str) -> _T:
    """Notes a rate and gives its value back."""
    RATES[name] = Rate(name, Words(ja, en), value, source, where)
    return value


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(each)}" for key, each in value.items())
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


OURS = Words("公表値が見当たらず、見本のために置いた値", "no public figure found; chosen for the example")
HOSPITALS = Words(
    "厚生労働省 令和5年(2023)医療施設調査 統計表2(国公立・厚生連)、医療施設動態調査 2011年3月末(民間の内訳)。"
    "医療法人と社会医療法人の分け方は見本の値。日赤・済生会は実在の団体のため除く",
    "MHLW, Survey of Medical Institutions 2023, table 2 (public, Koseiren) and March 2011 (private owners); the split "
    "between medical and social medical corporations is ours; Red Cross and Saiseikai, being real bodies, are left out",
)
CLINICS = Words(
    "厚生労働省 平成15年(2003)医療施設調査 統計表4(検索で得られた最新の内訳。法人化はその後進んでいる)",
    "MHLW, Survey of Medical Institutions 2003, table 4: the newest breakdown found; more are corporations today",
)
CARE = Words(
    "施設数: 介護事業経営実態調査の母集団(2023)、有料老人ホームは社会福祉施設等調査(2017)",
    "numbers: population of the 2023 care-provider survey; private homes: Survey of Social Welfare Facilities 2017",
)
CARE_WHO = Words(
    "介護サービス施設・事業所調査(2015: 特養の94.2%が社会福祉法人、老健の74.3%が医療法人)、"
    "社会福祉施設等調査(2017: 有料老人ホームの82.6%が会社)",
    "Survey of Care Service Facilities 2015 (94.2 % and 74.3 %), Survey of Social Welfare Facilities 2017 (82.6 %)",
)
CARE_PLACES = Words(
    "介護サービス施設・事業所調査(2015: 特養68.6人、老健87.9人)、"
    "社会福祉施設等調査(2017: 有料老人ホーム 518,507人÷13,525)",
    "Survey of Care Service Facilities 2015 (68.6 and 87.9); private homes: Survey of Social Welfare Facilities 2017 "
    "(518,507 places in 13,525)",
)
BED_SIZES = Words(
    "病院報告(2022)の規模別在院患者延数から逆算。50~99床は医療施設調査(2020)の25.0%と一致",
    "worked back from patient days by size, Hospital Report 2022; 50-99 beds agree with the 25.0 % of the 2020 survey",
)
LEAVING = Words(
    "厚生労働省 雇用動向調査(2023: 医療・福祉の離職率14.6%)と、"
    "日本看護協会 病院看護実態調査(2023: 正規看護職員11.8%)の間",
    "between MHLW, Survey on Employment Trends 2023 (health and welfare 14.6 % a year) and Japanese Nursing "
    "Association 2023 (nurses 11.8 %)",
)
OPENING = Words(
    "配配メール(2023: 医療・福祉の平均開封率34.5%)に全体の平均が近づくように。内訳は見本の値",
    "set so that the mean comes near 34.5 %, health and welfare, HaiHaiMail 2023; how it splits is ours",
)
CLICKING = Words(
    "平均クリック率2~3%(国内各社の目安)に全体の平均が近づくように。内訳は見本の値",
    "set so that the mean click rate comes near 2-3 % of letters, as Japanese mail providers state; the split is ours",
)
REFUSING = Words(
    "ベンチマーク社(2022)の平均配信停止率0.14%に全体の平均が近づくように。内訳は見本の値",
    "set so that the mean comes near 0.14 % of letters (Benchmark Email 2022); how it splits is ours",
)
SCANNING = Words(
    "公表値は大きく割れる(クリックの10~30%とする手引き、BtoBで約75%とする Omnivery 2026)。"
    "機械のクリックが全体の6割前後になるように置いた値",
    "published figures disagree (10-30 % of clicks in field guides, about 75 % in B2B by Omnivery 2026); "
    "set so that machines make about 60 % of all clicks",
)
IN_MARKET = Words(
    "95:5の法則(Dawes, Ehrenberg-Bass Institute 2021: 四半期に購入を検討中なのは約5%)。段階の分け方は見本の値",
    "the 95:5 rule (Dawes, Ehrenberg-Bass Institute 2021: about 5 % in the market in a quarter); the stages are ours",
)
SHOWING_UP = Words(
    "PCMA の討論(アジア太平洋の医療ウェビナーで申込者の30~35%が参加)、他の業界では35~45%",
    "PCMA discussion (30-35 % of registrants at health-care webinars in Asia-Pacific); 35-45 % elsewhere",
)
REPEATING = Words(
    "github.com/sendgrid/docs/issues/2933(同じイベントが平均3回、最多46回)、"
    "github.com/sendgrid/sendgrid-nodejs/issues/1435(再送で番号が変わる例)。"
    "割合は控えめな見本の値",
    "github.com/sendgrid/docs/issues/2933 (each event three times on average, 46 at most) and "
    "github.com/sendgrid/sendgrid-nodejs/issues/1435 (another id on a retry); the shares are ours, and lower",
)

# Facilities

KINDS = rate(
    "KINDS",
    {"hospital": 0.45, "clinic": 0.25, "care_home": 0.30},
    "施設の種別",
    "kinds of facilities",
    Words(
        "見本の会社の一覧としての値。全国では病院8,122、診療所104,894(2023)",
        "as the list of a company that sells to hospitals; Japan has 8,122 hospitals and 104,894 clinics (2023)",
    ),
    "facilities.py",
)
HOSPITAL_OWNERS = rate(
    "HOSPITAL_OWNERS",
    {
        "医療法人": 5371, "社会医療法人": 350, "社会福祉法人": 185, "財団": 391, "学校法人": 108, "生協": 83,
        "厚生連": 97, "市立": 594, "県立": 185, "国立": 47, "独立行政法人": 229, "地方独立行政法人": 134,
        "個人": 393, "会社": 64,
    },
    "病院の開設主体(施設数)",
    "owners of hospitals (number of hospitals)",
    HOSPITALS,
    "facilities.py",
)  # fmt: skip
CLINIC_OWNERS = rate(
    "CLINIC_OWNERS",
    {"医療法人": 28330, "個人": 52118, "市立": 3506, "財団": 930, "生協": 292, "会社": 2531},
    "診療所の開設主体(施設数)",
    "owners of clinics (number of clinics)",
    CLINICS,
    "facilities.py",
)
CARE_TYPES = rate(
    "CARE_TYPES",
    {"特別養護老人ホーム": 7887, "介護老人保健施設": 4107, "有料老人ホーム": 13525},
    "介護施設の種類(施設数)",
    "types of care homes (number of homes)",
    CARE,
    "facilities.py",
)
CARE_OWNERS = rate(
    "CARE_OWNERS",
    {
        "特別養護老人ホーム": {"社会福祉法人": 94.2, "市立": 5.8},
        "介護老人保健施設": {"医療法人": 74.3, "社会福祉法人": 16.0, "市立": 9.7},
        "有料老人ホーム": {"会社": 82.6, "医療法人": 9.0, "社会福祉法人": 8.4},
    },
    "介護施設の開設主体(%、最多の主体のみ公表値)",
    "owners of care homes (%; only the largest is a published figure)",
    CARE_WHO,
    "facilities.py",
)
BEDS = rate(
    "BEDS",
    {
        "20-49": 0.11, "50-99": 0.25, "100-149": 0.18, "150-199": 0.17, "200-299": 0.13, "300-399": 0.08,
        "400-499": 0.04, "500-899": 0.04,
    },
    "病院の病床規模",
    "hospitals by number of beds",
    BED_SIZES,
    "facilities.py",
)  # fmt: skip
CLINIC_WITH_BEDS = rate(
    "CLINIC_WITH_BEDS",
    0.061,
    "有床の診療所",
    "clinics with beds",
    Words("医療施設調査(2020: 10~19床の4,516が有床の71.6%)", "Survey of Medical Institutions 2020 (6,307 of 102,612)"),
    "facilities.py",
)
CARE_BEDS = rate(
    "CARE_BEDS",
    {"特別養護老人ホーム": 68.6, "介護老人保健施設": 87.9, "有料老人ホーム": 38.3},
    "介護施設の定員(平均)",
    "places of a care home (mean)",
    CARE_PLACES,
    "facilities.py",
)
STAFF_PER_BED = rate(
    "STAFF_PER_BED",
    {"hospital": 1.3, "care_home": 0.7},
    "1床あたりの職員数",
    "staff for each bed",
    OURS,
    "facilities.py",
)
SAME_OWNER = rate(
    "SAME_OWNER",
    0.35,
    "同じ法人の2つ目以降の施設",
    "facilities that belong to an entity which owns another",
    OURS,
    "facilities.py",
)
SHARED_DOMAIN = rate(
    "SHARED_DOMAIN",
    0.5,
    "法人のドメインを使う施設(2つ目以降)",
    "of those, facilities on the entity's domain",
    OURS,
    "facilities.py",
)
SAME_NAME = rate(
    "SAME_NAME",
    0.01,
    "別の県の施設と同名の施設",
    "facilities with the name of one in another prefecture",
    OURS,
    "facilities.py",
)
GATEWAYS = rate(
    "GATEWAYS",
    {"none": 0.765, "declared": 0.05, "burst": 0.05, "all_links": 0.035, "late_single": 0.04, "opens_only": 0.06},
    "開封やクリックをするメールゲートウェイ(施設の割合)",
    "mail gateways that open or click (share of facilities)",
    SCANNING,
    "facilities.py",
)
SCANS = rate(
    "SCANS",
    {"declared": 0.2, "burst": 0.2, "all_links": 0.25, "late_single": 0.3, "opens_only": 0.85},
    "そのうちゲートウェイが開くメール(ほかは差出人とリンクを最近調べたばかりとして通す)",
    "of those, letters they look into (the rest passes: sender and links were checked lately)",
    SCANNING,
    "machines.py",
)
SKIPS_HIDDEN = rate(
    "SKIPS_HIDDEN",
    {"declared": 0.15, "burst": 0.15, "all_links": 0.2, "late_single": 0.05},
    "人に見えないリンクを開かない設定の施設(そのうち)",
    "of those, facilities whose gateway leaves links alone that nobody sees",
    OURS,
    "machines.py",
)
VENDORS = rate(
    "VENDORS",
    {"declared": 2, "burst": 3, "all_links": 2, "late_single": 1},
    "検査サービスのネットワークの数(4,096アドレスずつ、全顧客で共用)",
    "networks of the scanning services, 4,096 addresses each, shared by all their customers",
    OURS,
    "addresses.py",
)
SCATTERED = rate(
    "SCATTERED",
    {"declared": 0.05, "burst": 0.05, "all_links": 0.05, "late_single": 0.03},
    "クラウドの、二度と使われないアドレスからの検査",
    "scans from cloud addresses that are never used again",
    OURS,
    "addresses.py",
)
ON_PREMISE = rate(
    "ON_PREMISE",
    {"burst": 0.3, "all_links": 0.1},
    "施設内に置かれたゲートウェイ(職員と同じアドレス)",
    "gateways that stand in the facility, behind the address of its people",
    OURS,
    "addresses.py",
)
PROVIDERS = rate(
    "PROVIDERS",
    60,
    "施設の回線のネットワークの数(4,096アドレスずつ)",
    "networks of the facilities' providers, 4,096 addresses each",
    OURS,
    "addresses.py",
)
EGRESS = rate(
    "EGRESS",
    0.2,
    "他社と共用のクラウドプロキシーから外へ出る施設",
    "facilities whose people leave through a cloud proxy shared with other companies",
    OURS,
    "addresses.py",
)
EGRESS_NETWORKS = rate(
    "EGRESS_NETWORKS",
    2,
    "そのプロキシーのネットワークの数",
    "networks of that proxy",
    OURS,
    "addresses.py",
)
MOBILE = rate(
    "MOBILE",
    0.2,
    "携帯電話の回線で読む割合(メール1通ごと)",
    "letters read over a mobile network",
    OURS,
    "addresses.py",
)
MOBILE_NETWORKS = rate(
    "MOBILE_NETWORKS",
    12,
    "携帯電話会社のネットワークの数",
    "networks of the mobile carriers",
    OURS,
    "addresses.py",
)
CUSTOMERS = rate("CUSTOMERS", 0.07, "すでにお客様の施設", "facilities that are customers", OURS, "facilities.py")
CUSTOMERS_UNRECORDED = rate(
    "CUSTOMERS_UNRECORDED",
    0.2,
    "商談一覧に載っていないお客様(NGの決まりが見逃す)",
    "customers whose deal the list lacks, so that the NG rules miss them",
    OURS,
    "facilities.py",
)

# People

PERSONAS = rate(
    "PERSONAS",
    {"inside": 0.91, "student": 0.04, "competitor": 0.03, "dealer": 0.02},
    "施設の方・学生・同業他社・代理店",
    "people of facilities, students, competitors, dealers",
    OURS,
    "humans.py",
)
BUYERS = rate(
    "BUYERS",
    0.18,
    "関心の芽がある方(準備度0.5の施設で)",
    "people with a seed of interest (at a facility of readiness 0.5)",
    OURS,
    "humans.py",
)
ROWS = rate(
    "ROWS",
    {
        "plain": 0.825, "duplicate": 0.06, "moved": 0.03, "shared": 0.045, "twice": 0.010, "bad_address": 0.012,
        "no_name": 0.008, "bad_date": 0.010,
    },
    "一覧の行: 普通、重複、転職後、共用アドレス、同じ行が2度、誤ったアドレス、氏名なし、誤った日付",
    "rows: plain, duplicates, after a change of job, shared mailboxes, the same row twice, and three kinds of errors",
    OURS,
    "rows.py",
)  # fmt: skip
LEAVES_A_YEAR = rate("LEAVES_A_YEAR", 0.13, "1年のうちに辞める方", "people who leave in a year", LEAVING, "humans.py")
MOVES = rate(
    "MOVES", 0.35, "辞めて、一覧にある別の施設へ移る方", "leavers who go to another facility", OURS, "humans.py"
)
DIES_BY_BOUNCE = rate(
    "DIES_BY_BOUNCE",
    0.7,
    "退職後、宛先不明で戻る(残りは自動返信)",
    "dead addresses that bounce; the others reply automatically",
    OURS,
    "humans.py",
)
ABSENCES_A_YEAR = rate("ABSENCES_A_YEAR", 2.2, "1年の不在の回数", "absences a year", OURS, "humans.py")
SAYS_AWAY = rate("SAYS_AWAY", 0.35, "不在時に自動返信を使う方", "people who set an automatic reply", OURS, "humans.py")
FAST = rate(
    "FAST",
    0.1,
    "数秒で複数のリンクを押す方(機械ではない)",
    "people who click several links within seconds",
    OURS,
    "humans.py",
)
ROLE_DIFFERS = rate(
    "ROLE_DIFFERS",
    0.15,
    "肩書きと実際の役割が違う方",
    "people whose role the title hides",
    OURS,
    "humans.py",
)
ENGLISH = rate("ENGLISH", 0.015, "英語の方", "people who want English", OURS, "rows.py")
OLD_FORMS = rate("OLD_FORMS", 0.25, "旧字で書く方(字体のある姓)", "old forms, where the name has one", OURS, "rows.py")
PRIVATE_MAIL = rate(
    "PRIVATE_MAIL", 0.03, "個人用アドレスの方(施設の方のうち)", "people on a private address", OURS, "rows.py"
)
PRIVATE_UNLISTED = rate(
    "PRIVATE_UNLISTED",
    0.25,
    "個人用アドレスのうち、NGの決まりにないドメイン",
    "of those, on a domain that the NG rules do not list",
    OURS,
    "rows.py",
)
NAME_WAYS = rate(
    "NAME_WAYS",
    {"facility": 0.52, "full": 0.18, "short_form": 0.12, "spaced": 0.10, "wide": 0.05, "abbreviated": 0.03},
    "施設名の書き方: 施設名のみ、法人名つき、(医)㈱など、空白入り、全角・記号違い、略称",
    "ways to write a facility: alone, with its entity, short legal form, spaced, other width, abbreviated",
    OURS,
    "rows.py",
)
GROUNDS = rate(
    "GROUNDS",
    {"同意": 0.34, "名刺": 0.41, "取引": 0.08, "公表": 0.07, "": 0.10},
    "送信の根拠(空欄は根拠なし)",
    "grounds to write (empty: none)",
    OURS,
    "rows.py",
)
REFUSES_MAIL = rate("REFUSES_MAIL", 0.02, "一覧で「メール不要」の方", "people marked as refusing mail", OURS, "rows.py")
REFUSES_PHONE = rate(
    "REFUSES_PHONE", 0.02, "一覧で「電話不要」の方", "people marked as refusing calls", OURS, "rows.py"
)

# What they feel, and what they do with letters

STARTS = rate(
    "STARTS",
    {"buyer": (0.30, 0.34, 0.21, 0.10, 0.05), "other": (0.86, 0.12, 0.02, 0.0, 0.0)},
    "初日の段階(関心なし、認知、検討、比較、購入)",
    "stages on day 0 (none, aware, considering, comparing, buying)",
    IN_MARKET,
    "humans.py",
)
RISES = rate(
    "RISES", {"buyer": 0.34, "other": 0.05}, "区間ごとに段階が進む", "a stage up, each stretch", OURS, "humans.py"
)
FALLS = rate("FALLS", {"buyer": 0.14, "other": 0.30}, "区間ごとに段階が戻る", "a stage down", OURS, "humans.py")
WAKES = rate("WAKES", 0.05, "関心のなかった方が途中で目覚める", "bystanders who wake up one day", OURS, "humans.py")
STRETCH_DAYS = rate("STRETCH_DAYS", (25, 75), "区間の長さ(日)", "days of a stretch", OURS, "humans.py")
STAGE_INTEREST = rate(
    "STAGE_INTEREST",
    (0.10, 0.35, 0.60, 0.80, 0.95),
    "段階ごとの、主なテーマへの関心",
    "interest in the main theme, by stage",
    OURS,
    "humans.py",
)
OPENS = rate(
    "OPENS",
    {"buyer": 0.58, "bystander": 0.37, "customer": 0.50, "competitor": 0.65, "student": 0.50, "shared": 0.26},
    "読む割合",
    "letters read",
    OPENING,
    "humans.py",
)
CLICKS = rate(
    "CLICKS",
    {"buyer": 0.30, "bystander": 0.08, "customer": 0.10, "competitor": 0.25, "student": 0.12, "shared": 0.05},
    "読んだ方がクリックする割合(関心が中くらいのとき)",
    "readers who click, at medium interest",
    CLICKING,
    "humans.py",
)
REPLIES = rate(
    "REPLIES",
    {"buyer": 0.012, "bystander": 0.002, "customer": 0.006, "competitor": 0.0, "student": 0.003, "shared": 0.004},
    "読んだ方が返信する割合",
    "readers who reply",
    OURS,
    "humans.py",
)
REFUSES = rate(
    "REFUSES",
    {"buyer": 0.001, "bystander": 0.003, "customer": 0.002, "competitor": 0.0, "student": 0.002, "shared": 0.004},
    "読んだ方が配信を断る割合",
    "readers who unsubscribe",
    REFUSING,
    "humans.py",
)
KIND_FITS = rate(
    "KIND_FITS",
    {
        "summary": (1.0, 1.2, 1.0, 0.8, 0.7), "checklist": (0.9, 1.3, 1.2, 0.9, 0.7),
        "comparison": (0.4, 0.7, 1.1, 1.5, 1.2), "case_study": (0.5, 0.9, 1.4, 1.3, 1.0),
        "roi": (0.3, 0.5, 0.9, 1.5, 1.6), "webinar": (0.5, 1.0, 1.3, 1.1, 0.8), "page": (0.4, 0.6, 0.9, 1.3, 1.5),
        "other": (0.8, 1.0, 1.0, 0.9, 0.8),
    },
    "資料の種類と段階の相性",
    "how a kind of content suits a stage",
    OURS,
    "readers.py",
)  # fmt: skip

# What they do of their own accord

VISITS_A_YEAR = rate(
    "VISITS_A_YEAR",
    {
        "none": 0.5,
        "aware": 2.5,
        "considering": 7.0,
        "comparing": 14.0,
        "buying": 22.0,
        "competitor": 9.0,
        "student": 5.0,
    },
    "サイト訪問(1年・段階または人物ごと)",
    "visits to the site a year, by stage or kind of person",
    OURS,
    "background.py",
)
DOWNLOADS = rate(
    "DOWNLOADS",
    (0.04, 0.10, 0.18, 0.20, 0.15),
    "訪問1回で資料をダウンロード(段階ごと)",
    "downloads a visit, by stage",
    OURS,
    "background.py",
)
PRICES = rate(
    "PRICES", (0.02, 0.04, 0.10, 0.28, 0.40), "訪問1回で料金ページを見る", "price page a visit", OURS, "background.py"
)
FORMS = rate(
    "FORMS", (0.001, 0.003, 0.012, 0.04, 0.10), "訪問1回で問い合わせ", "forms sent a visit", OURS, "background.py"
)
REGISTERS = rate(
    "REGISTERS",
    (0.001, 0.006, 0.018, 0.028, 0.020),
    "セミナー1回への申込(段階ごと)",
    "registrations for a webinar, by stage",
    OURS,
    "background.py",
)
ATTENDS = rate("ATTENDS", 0.33, "申し込んだ方の参加", "registrants who attend", SHOWING_UP, "background.py")
HOURS = rate(
    "HOURS",
    (1, 0, 0, 0, 0, 1, 2, 4, 9, 13, 14, 12, 9, 12, 12, 11, 10, 9, 6, 4, 4, 4, 3, 2),
    "時間帯(0時から)",
    "hours of the day, from 0:00",
    OURS,
    "background.py",
)
WEEKDAYS = rate(
    "WEEKDAYS", (1.05, 1.15, 1.10, 1.05, 0.95, 0.22, 0.15), "曜日(月から)", "days of the week, from Monday", OURS,
    "background.py",
)  # fmt: skip
HOLIDAYS = rate("HOLIDAYS", 0.15, "祝日", "public holidays", OURS, "background.py")
LATE_HOURS = rate("LATE_HOURS", 0.04, "数時間後に届くイベント", "events known hours late", REPEATING, "background.py")
LATE_DAYS = rate("LATE_DAYS", 0.008, "数日後に届くイベント", "events known days late", REPEATING, "background.py")
TWICE = rate("TWICE", 0.03, "同じ番号で2度届くイベント", "events twice with one id", REPEATING, "background.py")
TWICE_OTHER_ID = rate(
    "TWICE_OTHER_ID", 0.002, "別の番号で2度届くイベント", "events twice with another id", REPEATING, "background.py"
)

# The lists, and the company's own callers

OPTED_OUT = rate("OPTED_OUT", 0.03, "旧ツールで配信停止した方", "people who opted out before", OURS, "lists.py")
PAST_SENDS = rate("PAST_SENDS", 0.12, "旧ツールで送信済みの方", "people the former tool wrote to", OURS, "lists.py")
LOST = rate("LOST", 0.05, "失注した商談のある施設", "facilities with a lost deal", OURS, "lists.py")
OPEN = rate("OPEN", 0.03, "商談中の施設", "facilities with an open deal", OURS, "lists.py")
PAST_CALLS = rate("PAST_CALLS", 0.10, "過去90日に電話した方", "people called in the last 90 days", OURS, "lists.py")
CALL_OUTCOMES = rate(
    "CALL_OUTCOMES",
    {
        "不在": 0.38,
        "受付ブロック": 0.16,
        "担当不在": 0.12,
        "会話": 0.22,
        "資料送付希望": 0.05,
        "課題なし": 0.05,
        "電話お断り": 0.02,
    },
    "過去の電話の結果",
    "outcomes of past calls",
    Words(
        "公表値は代表電話のない米国の値(1回の発信でつながるのは5~10%: Gong, Belkins 2025)で合わないため、見本の値",
        "published figures are American and know no switchboard (5-10 % of dials connect: Gong, Belkins 2025); ours",
    ),
    "lists.py",
)
UNKNOWN_ROWS = rate(
    "UNKNOWN_ROWS", 0.01, "一覧にない方の行(反応の一覧)", "rows about nobody (activities)", OURS, "lists.py"
)
CALLERS = rate(
    "CALLERS",
    {"suzuki": (0.95, 0.0), "tanaka": (0.35, 0.3)},
    "電話をかける割合と、かけずに「不在」と書く割合",
    "share of tasks dialled, and of dials made up",
    OURS,
    "build.py",
)

# What services and public notices tell of facilities (the lists of intent)

WEAK_FOR_HOSPITALS = Words(
    "公表値が見当たらない。病院は職員が個人の端末や共用の回線で調べるため、企業向けの手引きにある数割より低く置いた値",
    "no public figure found; below the few tenths that guides for companies state, for hospital staff search on their "
    "own devices and shared lines",
)
SEARCHES_A_WEEK = rate(
    "SEARCHES_A_WEEK",
    (0.02, 0.15, 0.6, 1.5, 2.0),
    "1人が1週間にテーマについて調べる回数(段階ごと)",
    "searches about a theme a person and week, by stage",
    OURS,
    "searching.py",
)
CURIOUS_A_WEEK = rate(
    "CURIOUS_A_WEEK",
    0.04,
    "一覧にいない職員・患者・出入りの業者が、テーマごとに調べる回数(施設・週)",
    "searches a theme, facility and week of people on no list: other staff, patients, suppliers in the house",
    OURS,
    "searching.py",
)
KEYWORD_COVERS = rate(
    "KEYWORD_COVERS",
    {"hospital": 0.3, "clinic": 0.08, "care_home": 0.15},
    "キーワードのサービスが回線から分かる施設",
    "facilities that the keyword service knows by their network",
    WEAK_FOR_HOSPITALS,
    "searching.py",
)
SURGE_COVERS = rate(
    "SURGE_COVERS",
    {"hospital": 0.45, "clinic": 0.1, "care_home": 0.2},
    "急上昇の一覧を出すサービスが見ている施設",
    "facilities that the surge service watches",
    WEAK_FOR_HOSPITALS,
    "searching.py",
)
SURGE_SCORE = rate(
    "SURGE_SCORE",
    (25, 14, 30),
    "急上昇の点数: 元の値、検索1回ごと、ゆらぎ(0からこの値まで)",
    "the score of a surge list: where it begins, for each search, and how far chance adds to it",
    Words(
        "国内外のサービスと同じく60点以上を急上昇とし、検索1回では60点に届きにくいように置いた値",
        "set so that one search seldom reaches 60, from which such services speak of a surge",
    ),
    "searching.py",
)
SURGE_LISTED = rate(
    "SURGE_LISTED", 40, "急上昇の一覧に載る点数", "score from which a line is listed", OURS, "searching.py"
)
SURGE_FALSE = rate(
    "SURGE_FALSE",
    (0.02, 30),
    "わけのない急上昇(施設・テーマ・週)と、その加点",
    "surges without a cause (a facility, theme and week), and what they add",
    OURS,
    "searching.py",
)
REVIEWS_A_WEEK = rate(
    "REVIEWS_A_WEEK",
    (0.0, 0.002, 0.01, 0.05, 0.06),
    "比較サイトに施設名で登録して読む(1人・1週間、段階ごと)",
    "people who read a review site under their facility's name, a week, by stage",
    OURS,
    "searching.py",
)
REVIEWS_FALSE = rate(
    "REVIEWS_FALSE",
    0.0015,
    "比較サイトを、買うつもりなく読む(施設・週)",
    "facilities where somebody reads it for no purchase, a week",
    OURS,
    "searching.py",
)
TENDERS_A_WEEK = rate(
    "TENDERS_A_WEEK",
    0.06,
    "購入の段階の方がいる公的な施設の入札公告(週)",
    "public facilities with somebody buying that publish a tender, a week",
    OURS,
    "searching.py",
)
NEWS_A_WEEK = rate(
    "NEWS_A_WEEK",
    0.006,
    "人事・新棟・届出などの公開情報(施設・週。購入とは関わりなし)",
    "other public events (a facility and week), unrelated to buying",
    OURS,
    "searching.py",
)
NOT_ABOUT_US = rate(
    "NOT_ABOUT_US",
    0.15,
    "テーマのない話題の行",
    "lines about topics of no theme",
    OURS,
    "searching.py",
)
WRONG_COMPANY = rate(
    "WRONG_COMPANY",
    0.05,
    "別の施設のものとされる行(同じ法人、同名、共用の出口)",
    "lines put down to another facility (same entity, same name, a shared exit)",
    OURS,
    "searching.py",
)
STRANGERS_A_WEEK = rate(
    "STRANGERS_A_WEEK",
    {"rival": 0.8, "university": 0.9, "dealer": 0.3, "unknown": 0.08},
    "施設でない会社などの検索(同業他社・大学・代理店、一覧にない施設。1社・週)",
    "searches of competitors, universities, dealers, and facilities on no list of ours, each a week",
    OURS,
    "searching.py",
)
UNKNOWN_HOUSES = rate(
    "UNKNOWN_HOUSES",
    24,
    "会社の一覧にない施設の数",
    "facilities that stand on no list of the company",
    OURS,
    "searching.py",
)
SAYS = rate(
    "SAYS",
    {"number": 0.55, "domain": 0.65, "prefecture": 0.75},
    "一覧が法人番号・ドメイン・都道府県を伝える割合",
    "lines that give the corporate number, the domain, the prefecture",
    OURS,
    "intent_lists.py",
)
FILES_LATE = rate("FILES_LATE", 0.06, "1週間遅れて届く一覧", "lists that come a week late", OURS, "intent_lists.py")
FILES_TWICE = rate(
    "FILES_TWICE",
    0.06,
    "同じものがもう一度届く一覧",
    "lists that come a second time as they were",
    OURS,
    "intent_lists.py",
)
FILES_MENDED = rate(
    "FILES_MENDED",
    0.05,
    "同じ週について、直したものが届く一覧",
    "lists of which a mended one for the same week comes later",
    OURS,
    "intent_lists.py",
)
LINES_WRONG = rate(
    "LINES_WRONG",
    0.004,
    "点数・回数・日付がありえない行",
    "lines with an impossible score, count or date",
    OURS,
    "intent_lists.py",
)
