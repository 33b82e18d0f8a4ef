"""What the committee says: what is missing and what to do, refusals, what was said. Pure data. Start with `GAPS`."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

GAPS = {
    "nobody": Words("この施設の方を、まだ一人も知りません", "nobody is known there"),
    "no_decision_maker": Words("決裁者が分かりません", "no decision-maker known"),
    "decision_maker_left": Words(
        "決裁者が退職・異動され、後任が分かりません", "the decision-maker left, nobody known after them"
    ),
    "decision_maker_unreachable": Words("決裁者に連絡できる方法がありません", "no way to reach the decision-maker"),
    "no_veto": Words(
        "導入を止められる方(看護部長・情報システムなど)が分かりません", "no holder of a veto known (nursing, IT)"
    ),
    "one_voice": Words("声が一人分しかありません", "one voice only"),
    "no_champion": Words("反対者がいて、推進者がいません", "an opponent, and no champion"),
    "path_left": Words("決裁の経路に、退職・異動された方がいます", "the decision path leads over somebody who left"),
    "no_path": Words("決裁の経路が分かりません", "decision path not known"),
    "no_budget_month": Words("予算の月が分かりません", "budget month not known"),
}
"""What is missing, as coverage shows it."""

TASKS = {
    "missing_nobody": Words(
        "まだどなたも知りません。決裁に関わる方をお一人、確認してください",
        "Nobody is known there. Please find somebody who has a say",
    ),
    "missing_no_decision_maker": Words(
        "決裁者が分かりません。どなたが決められるかを確認してください",
        "No decision-maker is known. Please find out who decides",
    ),
    "missing_decision_maker_left": Words(
        "決裁者が退職・異動されました。後任の方を確認してください",
        "The decision-maker has left. Please find out who came after them",
    ),
    "missing_decision_maker_unreachable": Words(
        "決裁者への連絡方法がありません。住所か電話番号を確認してください",
        "There is no way to reach the decision-maker. Please find an address or a number",
    ),
    "missing_no_veto": Words(
        "導入を止められる方(看護部長・情報システムの責任者など)を確認してください",
        "Please find out who could stop a purchase (nursing, information systems)",
    ),
    "missing_one_voice": Words(
        "お話を伺える方がお一人だけです。もうお一人、確認してください",
        "Only one person is known. Please find a second one",
    ),
    "missing_no_champion": Words(
        "反対される方がいて、推進してくださる方がいません。どなたかを確認してください",
        "Somebody is against us and nobody for us. Please find a champion",
    ),
    "missing_path_left": Words(
        "決裁の経路の方が退職・異動されました。経路を確認してください",
        "Somebody on the decision path has left. Please find out how it goes now",
    ),
    "missing_no_more": Words(
        "必要な方が分かったか、施設がリストから外れたため取り下げました",
        "Not needed any more: the person is known, or the account left the list",
    ),
}
"""What the task asks, and why it was withdrawn."""

SOURCES = {
    "sales": Words("営業", "sales"),
    "imported": Words("取り込み", "imported"),
    "rules": Words("役割の決まり", "rules"),
}

EVENTS = {
    "role": Words("役割: {said}", "role: {said}"),
    "roles_back": Words("役割を取り消し: {said}", "role taken back: {said}"),
    "path": Words("決裁の経路: {said}", "decision path: {said}"),
    "budget": Words("予算の月: {said}", "budget month: {said}"),
}
"""What sales said."""

REFUSED = {
    "not-sales": Words(
        "{name}さん(役割: {role})はこの操作をできません。"
        "できるのは営業側(is・fs・cs・leader)とABM担当(abm)の方です。何も変えていません。",
        "{name} (role: {role}) cannot do this; it takes sales (is, fs, cs, leader) or the ABM team (abm). "
        "Nothing was changed.",
    ),
    "role-unknown": Words(
        "「{text}」という役割はありません。使える役割: {known}", "There is no role {text}. Roles: {known}"
    ),
    "stances": Words(
        "推進者と反対者を同時には入れられません。どちらかにしてください。何も変えていません。",
        "Nobody is champion and opponent at once. Choose one. Nothing was changed.",
    ),
    "roles-none": Words(
        "役割を一つ以上書いてください(例: decision_maker、推進者)。使える役割: {known}",
        "Give one role or more, such as decision_maker or champion. Roles: {known}",
    ),
    "role-same": Words(
        "役割はすでにそのとおりです。何も変えていません。", "That is what is known already. Nothing was changed."
    ),
    "role-not-said": Words(
        "営業が入れた役割はありません。何も変えていません。", "Sales has not given any role there. Nothing was changed."
    ),
    "no-account": Words(
        "この方は施設に結び付いていません。先に一覧で施設を取り込んでください。何も変えていません。",
        "This person belongs to no facility. Bring it in by a list first. Nothing was changed.",
    ),
    "erased": Words(
        "この方の情報は消去されています。何も変えていません。", "This person was erased. Nothing was changed."
    ),
    "not-there": Words(
        "「{text}」さんはこの施設の方ではありません。何も変えていません。",
        "{text} does not belong to this facility. Nothing was changed.",
    ),
    "path-long": Words(
        "経路は{of}段階までです({number}段階あります)。何も変えていません。",
        "A path has {of} steps at most; these are {number}. Nothing was changed.",
    ),
    "step-long": Words(
        "経路の一段階は{of}文字までです。何も変えていません。", "A step has {of} letters at most. Nothing was changed."
    ),
    "step-empty": Words(
        "経路の一段階が空か、改行などの読めない文字を含んでいます。一段階を一行の言葉で書いてください。何も変えていません。",
        "A step is empty, or holds a line break or other signs nobody can read. Write each in words of one line. "
        "Nothing was changed.",
    ),
    "clear-beside": Words(
        "--clear と「{text}」を一緒には使えません。どちらかにしてください。何も変えていません。",
        "--clear and {text} do not go together. Give one of them. Nothing was changed.",
    ),
    "month": Words(
        "「{text}」を月として読めません。4月 や 4、April のように書いてください。",
        "{text} is no month. Write it like 4 or April.",
    ),
    "committee-by": Words(
        "どなたの言葉か(--by 担当者のキー)を書いてください。", "Say whose word it is: --by and a key of staff.yaml."
    ),
    "committee-why": Words(
        "理由(--why)を書いてください。履歴に残ります。", "Say why (--why); it is kept in the history."
    ),
}


def refused(code: str, **args: str | int) -> NotDone:
    """The exception to raise."""
    said = REFUSED[code]
    return NotDone(f"abm-{code}", said.ja.format_map(args), said.en.format_map(args))
