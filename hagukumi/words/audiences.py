"""What is said of audiences of ads: platforms, reasons, verdicts, what is wrong in audiences.yaml. Pure data."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

PLATFORMS = {
    "google": Words("Google カスタマーマッチ", "Google Customer Match"),
    "linkedin": Words("LinkedIn マッチドオーディエンス", "LinkedIn Matched Audiences"),
    "meta": Words("Meta カスタムオーディエンス", "Meta Custom Audiences"),
    "file": Words("ファイル", "a file"),
}

KINDS = {"companies": Words("会社", "companies"), "people": Words("人", "people")}
COUNTED = {"companies": "件", "people": "名"}
"""What Japanese counts its members by."""

VERDICTS = {
    "reaches": Words("届く見込み", "likely to reach the floor"),
    "uncertain": Words("届くかどうかはわかりません", "may or may not reach the floor"),
    "below": Words("届かない見込みのため送りません", "below the floor, so nothing is sent"),
}

JOINED = {
    "list": Words("狙う取引先のリスト", "on the list of target accounts"),
    "all": Words("条件に合う施設", "fits the audience"),
    "play": Words("シナリオ・プレイの advertise", "put in by a scenario or play"),
}

LEFT = {
    "rule": Words("対象ではなくなりました", "no longer belongs"),
    "refused": Words("広告のお断り", "refused ads"),
    "no_consent": Words("広告への同意がありません", "no consent to ads"),
    "erased": Words("ご本人の求めにより消去", "erased at their own request"),
    "merged": Words("ほかの方に統合", "merged into somebody else"),
    "left_company": Words("退職・異動", "left the company"),
    "ng": Words("NG", "NG"),
    "no_mail": Words("メールアドレスがありません", "no mail address"),
    "competitor": Words("同業他社", "a competitor"),
    "customer": Words("お客様", "a customer"),
    "in_deal": Words("商談中", "in a deal"),
    "facility_refused": Words("施設としてお断り", "the facility refused"),
    "gone": Words("audiences.yaml から外れました", "taken out of audiences.yaml"),
    "off": Words("送らない設定です", "switched off"),
    "changed": Words("連絡先が変わったため入れ替え", "handed over anew with other contact data"),
    "renewed": Words("期限の前に渡し直し", "handed over again before it runs out"),
}

FAULTS = {
    "same_name": (
        Words("「{0}」という配信対象が二つあります", "two audiences are called {0}"),
        Words("名前を変えてください", "give one another name"),
    ),
    "no_companies": (
        Words("{0} は会社の一覧を受け取りません", "{0} takes no lists of companies"),
        Words(
            "platform を linkedin か file にするか、kind を people にしてください",
            "use linkedin or file, or make it an audience of people",
        ),
    ),
    "no_api": (
        Words("{0} に直接渡すことはできません", "nothing can be handed to {0} directly"),
        Words("send を file にしてください", "use send: file"),
    ),
    "floor": (
        Words(
            "floor の {0} は、{1} が配信に求める {2} 人より少ない数です",
            "a floor of {0} is less than the {2} that {1} wants",
        ),
        Words("その数以上にするか、floor を省いてください", "raise it, or leave floor out"),
    ),
    "below": (
        Words(
            "「{0}」は、多くても{1}人にしか届かない見込みで、必要な{2}人に足りません",
            "{0} is likely to reach {1} members at most, and needs {2}",
        ),
        Words(
            "このままでは送られません。施設を増やすか active: false にしてください。人の一覧は会社の一覧にもできます",
            "nothing is sent: take in more accounts, or write active: false; one of people may become one of companies",
        ),
    ),
    "keep": (
        Words("置く日数は1〜{0}日です", "members are kept for 1 to {0} days"),
        Words("540日 のように書いてください", "write it like 540 days"),
    ),
    "tiers_unused": (
        Words("tiers は from: list のときだけ使えます", "tiers are of use with from: list only"),
        Words("from を list にするか、tiers を消してください", "use from: list, or remove tiers"),
    ),
    "tier": (
        Words("リストの段は1〜{1}です(いまは{0})", "the list has tiers 1 to {1}, not {0}"),
        Words("abm.yaml の tiers に合わせてください", "see tiers in abm.yaml"),
    ),
    "roles_unused": (
        Words("roles は kind: people のときだけ使えます", "roles are of use with kind: people only"),
        Words("kind を people にするか、roles を消してください", "use kind: people, or remove roles"),
    ),
    "not_of_accounts": (
        Words("「{0}」は施設の属性ではありません", "{0} is no attribute of a facility"),
        Words(
            "種別・業種・都道府県・病床数・職員数・開設主体か、施設の独自項目を使ってください",
            "use kind, industry, prefecture, beds, headcount, owner_type or fields of your own that belong to accounts",
        ),
    ),
    "range": (
        Words("見込みの割合は、0%以上100%以下で、low が high 以下です", "shares are 0 to 100 %, low not above high"),
        Words("{low: 10%, high: 30%} のように書いてください", "write them like {low: 10%, high: 30%}"),
    ),
    "few": (
        Words("few は0以上です(いまは{0})", "few is 0 or more, not {0}"),
        Words("10 のように書いてください", "write it like 10"),
    ),
}
"""What is wrong with audiences.yaml: (what, what to do)."""

REFUSALS = {
    "audiences-faulty": Words(
        "audiences.yaml に誤りがあります。"
        "「hagukumi check scenarios/rules/audiences.yaml」で場所と直し方をご確認ください。",
        "audiences.yaml has errors. Run `hagukumi check scenarios/rules/audiences.yaml` to see where, and what to do.",
    ),
    "audience-unknown": Words(
        "「{0}」という配信対象はありません。audiences.yaml にあるもの: {1}",
        "There is no audience {0}. Those of audiences.yaml: {1}",
    ),
    "audience-virtual": Words(
        "仮想(練習用)のワークスペースからは配信先に渡せません。"
        "--outlet file でCSVを作るか、実運用のワークスペースをお使いください。",
        "A virtual workspace hands nothing to an ad platform. Use --outlet file, or a real workspace.",
    ),
    "audience-no-api": Words(
        "「{0}」の配信先({1})には直接渡せません。--outlet file でCSVを作り、配信先の画面から読み込ませてください。",
        "Nothing can be handed directly to the platform of {0} ({1}). Use --outlet file and upload the CSV there.",
    ),
    "audience-package": Words(
        "{0} のパッケージがありません。「tools/install-ads」を実行してください(実験的な機能です)。",
        "The package {0} is not installed. Run tools/install-ads (this is experimental).",
    ),
    "audience-settings": Words(
        "hagukumi.yaml の ads に {0} がありません。",
        "There is no {0} under ads in hagukumi.yaml.",
    ),
    "audience-not-taken": Words(
        "{0} が受け取りませんでした({1})。送った内容は記録してあり、次に同じ差分をもう一度渡します。"
        "二重になる心配はありません。",
        "{0} did not take it ({1}). What was sent is recorded; the same difference is handed over again next time, "
        "which does no harm.",
    ),
    "audience-not-written": Words(
        "{0} に書き込めません。フォルダと権限、空き容量をご確認ください。",
        "{0} cannot be written. Check the folder, its permissions and the space left.",
    ),
}


def refusal(code: str, *args: str) -> NotDone:
    """The exception to raise."""
    said = REFUSALS[code]
    return NotDone(code, said.ja.format(*args), said.en.format(*args))
