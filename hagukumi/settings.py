"""hagukumi.yaml: who we are, what is switched on, and what is still missing before letters may leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, NewType

from hagukumi.journeys.core.fields import NOTHING, entry
from hagukumi.journeys.core.values import Words
from hagukumi.journeys.language.vocabulary import CustomField
from hagukumi.words.refusal import NotDone

NETWORK_OUTLETS = ("smtp", "sendgrid")
OUTLETS = ("folder", *NETWORK_OUTLETS)

FieldName = NewType("FieldName", str)
"""The name of a field of one's own, as scenarios and mappings use it."""
Part = Literal["scoring", "tasks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who signs the letters. The law asks for company, address and complaints contact; manners ask for the rest."""

    name: str = entry("差出人の氏名", "the sender's full name", "")
    family_name: str = entry("差出人の姓", "the sender's family name", "")
    company: str = entry("会社名", "the company", "")
    department: str = entry("部署", "the department", "")
    phone: str = entry("電話番号", "telephone", "")
    email: str = entry("差出人のメールアドレス", "the sender's mail address", "")
    postal_address: str = entry("住所(特定電子メール法の表示)", "postal address (shown by law)", "")
    complaints: str = entry("苦情・お問い合わせの受付先", "contact for complaints", "")
    site: str = entry("会社のサイト", "the company's site", "")
    domain: str = entry("Message-ID に使うドメイン(省略すると email のドメイン)", "domain of Message-IDs", "")
    dkim_selectors: tuple[str, ...] = entry(
        "DKIMのセレクター(doctor が点検します。sendgrid は省略すると s1 と s2)",
        "selectors of DKIM, which `doctor` looks at; s1 and s2 for sendgrid if left out",
        (),
    )
    dkim_domain: str = entry(
        "DKIMで署名するドメイン(省略すると email のドメイン)", "domain that signs (DKIM), that of email if left out", ""
    )
    return_path: str = entry(
        "戻り先(Return-Path)のドメイン(例 em1234.example.jp。smtp は省略すると email のドメイン)",
        "domain of the return path, such as em1234.example.jp; that of email for smtp if left out",
        "",
    )


REQUIRED_OF_SENDER = ("name", "family_name", "company", "phone", "email", "postal_address", "complaints")
"""Without these no advertising letter leaves."""
NO_SENDER = Sender()


MOST_PAPER_DAYS = 3_650


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """Whether links tell us who followed them. The law on external transmission (外部送信規律) wants a notice first."""

    links: Literal["plain", "signed"] = entry(
        "メールのリンク(plain はそのまま、signed はどなたが開いたか分かる署名付き)",
        "links in letters: plain as they are, or signed so that we know who followed them",
        "plain",
    )
    trap: bool = entry(
        "署名付きのとき、人に見えないリンクを1本入れる(メールの検査装置を見分けるため)",
        "with signed links: one more that no person sees, which tells mail scanners apart",
        True,
    )
    paper_days: int = entry(
        "取引先ごとの資料のリンクが開ける日数(1〜3,650)",
        "for how many days a link to an account's paper leads there (1 to 3,650)",
        180,
    )
    notice_url: str = entry("外部送信規律の公表ページ", "page with the notice about what is sent where", "")
    notice_version: str = entry("公表した内容の版(同意とともに記録)", "version of that notice, kept with consents", "")

    @property
    def papers_live(self) -> int:
        """Days for which links to papers lead there: a day to ten years."""
        return min(max(self.paper_days, 1), MOST_PAPER_DAYS)


NO_TRACKING = Tracking()


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """The pages and the HTTP endpoint."""

    origins: tuple[str, ...] = entry(
        "計測とフォームを受け付けるサイト(https://…)。base_url と sender.site は書かなくても受け付けます",
        "sites whose pages may send visits and forms (https://...); base_url and sender.site may without being named",
        (),
    )
    forms_per_minute: int = entry(
        "同じ相手から1分間に受け付けるフォームの数", "forms taken from one source within a minute", 20
    )
    proxies: tuple[str, ...] = entry(
        "手前のウェブサーバー(ここから来たときだけ X-Forwarded-For を信じます)",
        "web servers in front of this one: only theirs is an X-Forwarded-For that is believed",
        ("127.0.0.0/8", "::1/128"),
    )


NO_WEB = Web()


@dataclass(frozen=True, slots=True, kw_only=True)
class Imap:
    """A mailbox whose folder is read. Its password stands in HAGUKUMI_IMAP_PASSWORD or in a file of its owner's."""

    host: str = entry("IMAPサーバー", "the IMAP server")
    user: str = entry("ユーザー名", "the user's name")
    folder: str = entry("読み取るフォルダ", "the folder that is read", "INBOX")
    port: int = entry("ポート(省略すると 993、starttls は 143)", "port; 993 if left out, 143 for starttls", 0)
    security: Literal["tls", "starttls", "none"] = entry(
        "暗号化(none は同じ機械のサーバーだけ)", "encryption; none only for a server on this machine", "tls"
    )
    password_file: str = entry(
        "パスワードのファイル(所有者だけが読めること)", "file with the password; only its owner may read it", ""
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """Where mail that comes in is taken from."""

    folder: str = entry(".eml ファイルを置くフォルダ", "folder into which .eml files are dropped", "var/inbound")
    imap: Imap | None = entry("IMAPで読み取るメールボックス", "a mailbox read by IMAP", None)
    own_domains: tuple[str, ...] = entry(
        "自社のドメイン(差出人のドメインは書かなくても自社とみなします)",
        "our own domains, besides that of the sender: their mail is no customer's",
        (),
    )


NO_INBOUND = Inbound()


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """A mail server that takes our letters. Its password stands in HAGUKUMI_SMTP_PASSWORD or in a file."""

    host: str = entry("SMTPサーバー", "the SMTP server")
    user: str = entry("ユーザー名(認証しないサーバーは省略)", "the user's name; leave out where none is asked", "")
    port: int = entry("ポート(省略すると 587、tls は 465)", "port; 587 if left out, 465 for tls", 0)
    security: Literal["tls", "starttls", "none"] = entry(
        "暗号化(none は同じ機械のサーバーだけ)", "encryption; none only for a server on this machine", "starttls"
    )
    password_file: str = entry(
        "パスワードのファイル(所有者だけが読めること)", "file with the password; only its owner may read it", ""
    )
    at_once: int = entry("同時に開く接続の数", "connections at the same time", 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendGrid:
    """Twilio SendGrid. The key stands in HAGUKUMI_SENDGRID_KEY or in a file of its owner's."""

    key_file: str = entry("APIキーのファイル(所有者だけが読めること)", "file with the API key, its owner's alone", "")
    verification_key: str | tuple[str, ...] = entry(
        "イベントWebhookの検証鍵(公開鍵。SendGridの画面に表示されるもの)。交換の間は、新しいものから順に並べられます",
        "verification key of the event webhook, as SendGrid shows it (a public key); several while it is exchanged, "
        "newest first",
        "",
    )
    asm_group: int = entry("配信停止グループ(ASM)の番号。0 は使わない", "unsubscribe group (ASM); 0 for none", 0)
    region: Literal["global", "eu"] = entry("APIの地域", "region of the API", "global")
    url: str = entry(
        "APIのアドレス(試験用。省略するとSendGrid)", "address of the API, for tests; SendGrid's if left out", ""
    )
    calls_per_second: int = entry("1秒あたりの呼び出しの上限", "most calls a second", 600)
    at_once: int = entry("同時に行う呼び出しの数", "calls at the same time", 96)
    answer_within: int = entry(
        "返事を待つ秒数(過ぎたメールは「結果不明」になります)",
        "seconds to wait for an answer; letters without one have an unknown outcome",
        30,
    )
    sandbox: bool = entry(
        "サンドボックス(受け付けの確認だけで、送らない)", "sandbox: SendGrid checks and sends nothing", False
    )

    @property
    def verification_keys(self) -> tuple[str, ...]:
        """All of them, the newest first; blanks are left out."""
        given = self.verification_key
        return tuple(key for key in ((given,) if isinstance(given, str) else given) if key.strip())


NO_SENDGRID = SendGrid()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How much trouble a sender bears, whatever the outlet."""

    tries: int = entry(
        "1通を何回試すか(送信先が受け付けなかったとき)", "tries of a letter that the outlet does not take", 6
    )
    pause_after: int = entry(
        "続けて何回失敗したら出口を休止するか", "failures in a row after which the outlet is paused", 10
    )


NORMAL_SENDING = Sending()


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """Which laws our letters fall under, where it is not plain. The longest of all times counts."""

    tokushoho: bool = entry(
        "特定商取引法の対象(通信販売など)。同意の記録を3年間保存します",
        "the law on specified commercial transactions applies (mail order etc.): evidence is kept three years",
        False,
    )


NO_LAW = Law()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """What happens when the model of the probability does not fit any more."""

    on_alarm: Literal["ask", "suspend"] = entry(
        "モデルの警報が出たとき(ask はお知らせだけ、suspend は採点を止めて手動の決まりに切り替え)",
        "when a model alarms: ask only tells; suspend stops scores, and hand rules route",
        "ask",
    )


NORMAL_SCORING = Scoring()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleAds:
    """Google Ads (experimental). The credentials stand in google-ads.yaml, as Google's own package reads them."""

    config_file: str = entry(
        "認証のファイル(google-ads.yaml。所有者だけが読めること)", "google-ads.yaml, its owner's alone", ""
    )
    customer: str = entry("広告アカウントの番号(ハイフンなし)", "the ad account, digits only", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaAds:
    """Meta (experimental). The access token stands in HAGUKUMI_META_TOKEN or in a file of its owner's."""

    token_file: str = entry(
        "アクセストークンのファイル(所有者だけが読めること)", "file with the access token, its owner's alone", ""
    )
    account: str = entry("広告アカウントの番号(act_ のあと)", "the ad account, what stands after act_", "")
    url: str = entry("APIのアドレス(試験用)", "address of the API, for tests; Meta's if left out", "")


NO_GOOGLE, NO_META = GoogleAds(), MetaAds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ads:
    """Ad platforms, where audiences are handed over directly (`send: api` in audiences.yaml)."""

    google: GoogleAds = entry("Google広告(実験的)", "Google Ads (experimental)", NO_GOOGLE)
    meta: MetaAds = entry("Meta(実験的)", "Meta (experimental)", NO_META)


NO_ADS = Ads()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """hagukumi.yaml: who we are and what is switched on."""

    name: str = entry("ワークスペースの名前", "the workspace's name")
    language: Literal["ja", "en"] = entry("画面と文書の言葉(ja、en)", "language of what people read (ja, en)", "ja")
    zone: str = entry("自社の時間帯", "our time zone", "Asia/Tokyo")
    starts_on: date | None = entry(
        "仮想の時計が始まる日(virtual のときだけ)", "the day a virtual clock starts (virtual only)", None
    )
    sender: Sender = entry("差出人", "who signs the letters", NO_SENDER)
    sender_en: Sender = entry(
        "英語のメールでの差出人(書いた項目だけが置き換わります)",
        "the sender in English letters: what is written here replaces that of sender",
        NO_SENDER,
    )
    base_url: str = entry("公開アドレス(配信停止のリンク先)", "public address (where refusals lead)", "")
    outlet: Literal["folder", "smtp", "sendgrid"] = entry(
        "メールの出口(folder は Maildir で、外には出ません)",
        "where letters leave; folder: a Maildir, nothing leaves this machine",
        "folder",
    )
    outbox: str = entry("folder の出口の場所", "the folder of that outlet", "var/outbox")
    smtp: Smtp | None = entry("出口が smtp のときのサーバー", "the server of the outlet smtp", None)
    sendgrid: SendGrid = entry("出口が sendgrid のときの設定", "the outlet sendgrid", NO_SENDGRID)
    sending: Sending = entry("再送と休止", "retries and pauses", NORMAL_SENDING)
    tracking: Tracking = entry("リンクの計測と、その公表", "measuring links, and the notice about it", NO_TRACKING)
    web: Web = entry("サイトとのやりとり", "what our site may send us", NO_WEB)
    inbound: Inbound = entry("届いたメールの取り込み元", "where incoming mail is taken from", NO_INBOUND)
    ads: Ads = entry("広告の配信先", "ad platforms", NO_ADS)
    law: Law = entry("適用される法律", "the laws that apply", NO_LAW)
    scoring: Scoring = entry("採点の見張り", "watching the score", NORMAL_SCORING)
    fields: Mapping[FieldName, CustomField] = entry("独自の項目", "fields of one's own", NOTHING)
    parts: tuple[Part, ...] = entry("使う機能", "the parts switched on", ("scoring", "tasks"))


class Blank(NamedTuple):
    """An entry of hagukumi.yaml that has to be filled before letters leave: its dotted name and what it is."""

    entry: str
    words: Words


def blanks(settings: Settings) -> tuple[Blank, ...]:
    """What is still to be filled in before any advertising letter may leave."""
    found = []
    for name in REQUIRED_OF_SENDER:
        if not str(getattr(settings.sender, name)).strip():
            doc = Sender.__dataclass_fields__[name].metadata["doc"]
            found.append(Blank(f"sender.{name}", doc))
    if not settings.base_url.strip():
        found.append(Blank("base_url", Settings.__dataclass_fields__["base_url"].metadata["doc"]))
    return tuple(found)


def lacks_notice(settings: Settings) -> bool:
    """Whether links would say who followed them although no notice with a version is declared."""
    said = settings.tracking
    return said.links == "signed" and not (said.notice_url.strip() and said.notice_version.strip())


def refuse_blanks(settings: Settings) -> None:
    """Raises NotDone when the settings lack what no letter may leave without."""
    if lacks_notice(settings):
        raise NotDone(
            "notice-missing",
            "hagukumi.yaml の links が signed ですが、公表ページ(notice_url)とその版(notice_version)がありません。",
            "tracking.links is signed in hagukumi.yaml, but notice_url and notice_version are missing.",
        )
    missing = blanks(settings)
    if missing:
        ja = "、".join(f"{blank.entry}({blank.words.ja})" for blank in missing)
        en = ", ".join(f"{blank.entry} ({blank.words.en})" for blank in missing)
        raise NotDone(
            "settings-blank",
            f"hagukumi.yaml に未記入があるため送信できません: {ja}",
            f"Letters cannot leave while hagukumi.yaml has blanks: {en}",
        )
