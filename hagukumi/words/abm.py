"""What the account programme says: why two rows are one organisation, and why something was refused. Pure data.

{0} stands for the first argument. Start with `why_matched` and `refusal`.
"""

from __future__ import annotations

from collections.abc import Sequence

from hagukumi.journeys.core.values import Words
from hagukumi.journeys.core.verdict import Why
from hagukumi.words.intent import REFUSALS as OF_INTENT
from hagukumi.words.refusal import NotDone

MATCHED = {
    "match_key": Words("管理番号が同じ", "same key"),
    "match_code": Words("施設コードが同じ", "same facility code"),
    "match_number": Words("法人番号が同じ", "same corporate number"),
    "match_domain": Words("ドメインが同じ", "same domain"),
    "match_name": Words("名前が同じ", "same name"),
    "match_whole": Words("法人名と施設名を続けて書くと同じ", "same legal entity and facility written in one"),
    "match_reading": Words("フリガナが同じ", "same reading"),
    "match_english": Words("英語名が同じ", "same English name"),
    "match_address": Words("住所が同じ", "same address"),
    "match_is_reading": Words("一方の名前が他方のフリガナ", "one's name is the other's reading"),
    "match_is_english": Words("一方の名前が他方の英語名", "one's name is the other's English name"),
    "match_kana": Words("かなの種類や長音だけが違う", "only the kind of kana or a long vowel differs"),
    "match_letters": Words("一方は英字をカナで書いた読み", "one writes its Latin letters in kana"),
    "match_public": Words("一方は都道府県や市町村の名前なし", "one leaves out its prefecture or town"),
    "match_form_missing": Words("一方は法人格なし", "one leaves out its legal form"),
    "match_entity_missing": Words("一方は法人名なし", "one leaves out its legal entity"),
    "match_branch": Words("{0}は同じ会社の拠点", "{0} is a site of the same company"),
}
"""What speaks for it."""

AGAINST = {
    "match_twin": Words(
        "要確認: 前株と後株(別の会社のことがあります)", "check: legal form before and after, maybe two companies"
    ),
    "match_form": Words("要確認: 法人格が違います", "check: the legal forms differ"),
    "match_owner": Words(
        "要確認: 設置者の略称だけでは、同じ施設か分かりません",
        "check: the owner is abbreviated in one, and no place or number tells",
    ),
    "match_entity": Words("要確認: 法人名が違います", "check: the legal entities differ"),
    "match_branches": Words("要確認: 同じ会社の別の拠点のようです", "check: two sites of one company"),
    "match_places": Words("要確認: 所在地が違います", "check: they are in different places"),
    "match_aside": Words("要確認: かっこの中が違います", "check: the words in brackets differ"),
    "match_gaps": Words("要確認: 英字の区切りが違います", "check: Latin words are parted differently"),
    "match_domains": Words("要確認: ドメインが違います", "check: the domains differ"),
    "match_numbers": Words(
        "要確認: 法人番号が違います(一方は検査数字が合いません)", "check: numbers differ, one fails its check digit"
    ),
    "match_several": Words("要確認: この名前の組織は一覧に複数あります", "check: several in this list bear the name"),
    "match_several_ours": Words(
        "要確認: この名前の施設は複数登録されています", "check: several facilities of that name are known"
    ),
    "match_short": Words("要確認: よくある名前です", "check: a common name"),
    "match_kana_differs": Words(
        "要確認: かなの書き方が違い、別の組織のことがあります",
        "check: written in another kana, maybe two organisations",
    ),
    "match_letters_doubt": Words(
        "要確認: 英字の読みが同じだけで、別の組織のことがあります",
        "check: only the letters read alike, maybe two organisations",
    ),
    "match_public_doubt": Words(
        "要確認: どの都道府県・市町村のものか、一方では分かりません",
        "check: one does not tell of which prefecture or town it is",
    ),
    "match_called_alike": Words(
        "要確認: 同じ読みや英語名の組織がほかにもあります", "check: others share that reading or English name"
    ),
    "match_nothing_else": Words(
        "要確認: 名前のほかに手がかりがありません", "check: the very same name, nothing else to tell by"
    ),
    "match_names_differ": Words("要確認: 名前が違います", "check: the names differ"),
    "match_two_facilities": Words("要確認: 同じ法人の別の施設のようです", "check: two facilities of one legal entity"),
    "match_former": Words("要確認: 一方は旧名のようです", "check: one seems to be a former name"),
}
"""What a person has to look at."""

COLUMNS = {
    "name": Words("名前", "name"),
    "domain": Words("ドメイン", "domain"),
    "number": Words("法人番号", "corporate number"),
    "kana": Words("フリガナ", "reading"),
    "english": Words("英語名", "English name"),
    "place": Words("所在地", "place"),
    "code": Words("施設コード", "facility code"),
}
"""What columns of a list are read for."""

FAULTS = {
    "weights": (
        Words("重みの合計が100ではありません(いまは{0})", "the weights add up to {0}, not to 100"),
        Words("重みを足して100になるように直してください", "change them until they add up to 100"),
    ),
    "weight": (
        Words("重みは1以上です(いまは{0})", "a weight is 1 or more, not {0}"),
        Words("1以上にするか、この基準を消してください", "raise it, or remove the criterion"),
    ),
    "same_id": (
        Words("「{0}」という基準が二つあります", "two criteria are called {0}"),
        Words("名前を変えてください", "give one another name"),
    ),
    "no_levels": (
        Words("基準「{0}」に段階がありません", "the criterion {0} has no levels"),
        Words("段階を一つ以上書いてください", "write at least one"),
    ),
    "no_channels": (
        Words("お断りとみなす経路の組が空です", "a set of channels that mean a refusal is empty"),
        Words("[visit] や [phone, mail] のように書いてください", "write it like [visit] or [phone, mail]"),
    ),
    "not_of_accounts": (
        Words("「{0}」は施設の属性ではありません", "{0} is no attribute of a facility"),
        Words(
            "種別・業種・都道府県・病床数・職員数・開設主体か、施設の独自項目を使ってください",
            "use kind, industry, prefecture, beds, headcount, owner_type or fields of your own that belong to accounts",
        ),
    ),
}
"""What is wrong with icp.yaml: (what, what to do)."""

VETOES = {
    "competitor": Words("同業他社", "a competitor"),
    "customer": Words("すでにお客様", "already a customer"),
    "in_deal": Words("商談中", "in a deal"),
    "refused": Words("施設としてお断り", "the facility refused"),
}

REFUSALS = {
    "abm-no-icp": Words(
        "scenarios/rules/icp.yaml がありません。理想の顧客像を書いてください(Hagukumi の同名のファイルが見本です)。",
        "There is no scenarios/rules/icp.yaml. Write down who your ideal customer is (Hagukumi's own is an example).",
    ),
    "abm-icp-faulty": Words(
        "icp.yaml に誤りがあります。「hagukumi check scenarios/rules/icp.yaml」で場所と直し方をご確認ください。",
        "icp.yaml has errors. Run `hagukumi check scenarios/rules/icp.yaml` to see where, and what to do.",
    ),
    "abm-column": Words(
        "列「{0}」が {1} にありません。{2}列: {3}",
        "{1} has no column “{0}”. {2}Its columns: {3}",
    ),
    "abm-id-twice": Words(
        "{0} の{1}行目: id「{2}」は{3}行目にもあります。id は行ごとに違う値にしてください。",
        "{0}, row {1}: the id “{2}” stands in row {3} already. Give every row an id of its own.",
    ),
    "abm-id-empty": Words(
        "{0} の{1}行目: id が空です。値を入れるか、id の列を除いてください(行番号を使います)。",
        "{0}, row {1}: the id is empty. Fill it in, or remove the column id (row numbers are used then).",
    ),
    "abm-no-names": Words(
        "{0} の列「{1}」に名前がありません。名前のある列を --name で指定してください。",
        "The column “{1}” of {0} holds no names. Name the column that does with --name.",
    ),
    "abm-out-no-file": Words(
        "--out「{0}」はファイルの名前ではありません。書き出し先のファイル名を指定してください(例: pairs.csv)。",
        "--out “{0}” is not the name of a file. Name the file to write, for example pairs.csv.",
    ),
    "abm-out-is-input": Words(
        "{0} は照合する一覧そのものです。上書きされないよう中止しました。--out に別の名前を指定してください。",
        "{0} is the list to be compared, and writing there would lose it. Give --out another name.",
    ),
    "abm-out-taken": Words(
        "{0} には照合の結果ではない内容が入っています。上書きしませんでした。--out に別の名前を指定してください。",
        "{0} holds something that is no result of matching, and was left as it is. Give --out another name.",
    ),
    "abm-not-written": Words(
        "{0} に書き込めません。フォルダと権限をご確認ください。",
        "{0} cannot be written. Check the folder and its permissions.",
    ),
}


_EVERY = {**REFUSALS, **OF_INTENT}


def why_matched(why: Sequence[Why], lang: str) -> str:
    """All reasons in one line."""
    said = [({**MATCHED, **AGAINST})[one.code].say(lang).format(*one.args) for one in why]
    return ("、" if lang == "ja" else "; ").join(said)


def refusal(code: str, *args: str | Words) -> NotDone:
    """The exception to raise; an argument may be worded in both languages."""
    said = {
        lang: _EVERY[code].say(lang).format(*(arg.say(lang) if isinstance(arg, Words) else arg for arg in args))
        for lang in ("ja", "en")
    }
    return NotDone(code, said["ja"], said["en"])
