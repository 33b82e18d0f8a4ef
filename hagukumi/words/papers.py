"""What papers for accounts say when something is refused. Pure data; {name} stands for an argument.

Start with `refused`.
"""

from __future__ import annotations

from collections.abc import Iterable

from hagukumi.journeys.core.values import Words
from hagukumi.words.refusal import NotDone

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
"""What Debian calls the libraries and the font that printing needs; tools/setup installs them."""

CANNOT_PRINT = {
    "print-no-library": Words(
        "PDFを作れません: ライブラリ(Pango)がこのマシンにありません", "PDF cannot be made: Pango is not on this machine"
    ),
    "print-no-font": Words(
        "PDFを作れません: 日本語のフォントがこのマシンにありません",
        "PDF cannot be made: there is no Japanese font here",
    ),
}
TO_PRINT = Words(
    f"管理者として apt-get install {PACKAGES} を実行してください。HTMLは、このままでも作れます。",
    f"As root run apt-get install {PACKAGES}. HTML can be made without it.",
)
"""What to do where nothing can be printed."""

BASES = {
    "law": Words("法令", "law"),
    "public": Words("公表資料", "published"),
    "ours": Words("当社", "ours"),
    "agree": Words("仮の数字", "assumption"),
}
"""What a figure rests on, as the paper prints it."""
NEVER = Words("費用は戻りません", "the costs do not come back")
NO_RESULT = Words("戻りません", "never")

STATES = {
    "known": Words("あり", "given"),
    "never": Words("あり(費用に見合いません)", "given; it does not pay"),
    "unknown": Words("なし(規模がわかりません。例だけを示しています)", "none: its size is not known; examples only"),
    "below": Words("なし(計算できる規模より小さい)", "none: smaller than we calculate for"),
    "above": Words("なし(計算できる規模を超える)", "none: larger than we calculate for"),
    "none": Words("なし(この施設の種類とテーマの計算がありません)", "none: no calculation for its kind and theme"),
}
"""Whether a paper has a calculation, and why not."""
LINK_TITLE = Words("資料", "Paper")
LINK_CLOSED = {
    "unknown": Words(
        "このリンクでは資料を開けません。アドレスが途中で切れていないか、ご確認ください。",
        "No paper can be opened by this link. Please check that the address is complete.",
    ),
    "over": Words(
        "この資料の公開期間は終わりました。ご入用でしたら、お送りした担当者へお知らせください。新しいものをお送りします。",
        "This paper is no longer open. If you need it, please tell whoever sent it to you, and you get a new one.",
    ),
    "withdrawn": Words(
        "この資料は内容を見直しているため、いまはお見せしていません。お急ぎの場合は、お送りした担当者へお知らせください。",
        "This paper is being revised and cannot be shown now. If it is urgent, please tell whoever sent it to you.",
    ),
}
"""What a page says in the place of a paper that cannot be seen (any more)."""
LINK_UNMADE = Words(
    "ただいま資料を表示できません。少し時間をおいて、もう一度お開きください。",
    "The paper cannot be shown just now. Please try again in a while.",
)
LINK_OFTEN = Words(
    "短い時間に何度も開かれたため、少しお待ちいただいています。1分ほどおいて、もう一度お開きください。",
    "It was opened many times within a short time. Please wait a minute and try again.",
)

REFUSALS = {
    "unknown": Words(
        "「{name}」という資料はありません。もしかして: {near}\nあるもの: {names}",
        "There is no paper {name}. Did you mean {near}?\nThere are: {names}",
    ),
    "unapproved": Words(
        "資料「{name}」は承認が済んでいないため、外へは出せません(残り: {missing})。下書きは --draft で確かめられます。"
        "承認は「hagukumi content approve papers/{name}」です。",
        "The paper {name} has not been approved, so it is not shown to anybody (missing: {missing}). Look at it with "
        "--draft; approve it with `hagukumi content approve papers/{name}`.",
    ),
    "withdrawn": Words(
        "資料「{name}」は取り下げられています。"
        "戻すには「hagukumi content reinstate papers/{name}」を実行してください。",
        "The paper {name} has been withdrawn. To bring it back: `hagukumi content reinstate papers/{name}`.",
    ),
    "roi-broken": Words(
        "scenarios/rules/roi.yaml に誤りがあります。"
        "「hagukumi check scenarios/rules/roi.yaml」で場所と直し方をご確認ください。",
        "scenarios/rules/roi.yaml has errors. Run `hagukumi check scenarios/rules/roi.yaml` to see where.",
    ),
    "no-language": Words(
        "資料「{name}」に {lang} の文面はありません。ja か en をご指定ください。",
        "The paper {name} is not there in {lang}. Give ja or en.",
    ),
    "cannot": Words(
        "資料「{name}」を作れません({why})。「hagukumi check templates」で場所と直し方をご確認ください。",
        "The paper {name} cannot be made ({why}). Run `hagukumi check templates` to see where, and what to do.",
    ),
    "no-copy": Words(
        "資料にテスト送信はありません。"
        "「hagukumi papers render 施設 {name} --draft --out 下書き.pdf」で下書きをご確認ください。",
        "There is no test copy of a paper. Look at a draft: `hagukumi papers render ACCOUNT {name} --draft --out "
        "draft.pdf`.",
    ),
    "out": Words(
        "{file} に書き込めません({why})。フォルダと空き容量をご確認ください。",
        "{file} cannot be written ({why}). Check the folder and the free space.",
    ),
    "out-kind": Words(
        "--out は .pdf か .html で終わる名前にしてください(いまは {file})。",
        "--out ends in .pdf or .html; it is {file}.",
    ),
    "person-elsewhere": Words(
        "その方は「{account}」の方ではないため、リンクを作れません。",
        "That person does not belong to {account}, so no link is made.",
    ),
    "no-address": Words(
        "リンクを作れません: hagukumi.yaml の base_url(公開アドレス)が空です。",
        "No link can be made: base_url is empty in hagukumi.yaml.",
    ),
    "print-no-library": Words(
        f"PDFを作るためのライブラリ(Pango)がこのマシンにありません。{TO_PRINT.ja}",
        f"The library that makes PDF (Pango) is not on this machine. {TO_PRINT.en}",
    ),
    "print-no-font": Words(
        "このマシンのフォントにない文字が{number}種類あり、PDFでは□になるため、作りませんでした: {characters}\n"
        "日本語のフォント(Debian では apt-get install fonts-noto-cjk)を入れるか、その文字を直してください。",
        "The fonts of this machine lack {number} of the characters, which would print as boxes, so no PDF was made: "
        "{characters}\nInstall a Japanese font (Debian: apt-get install fonts-noto-cjk), or change those characters.",
    ),
}


CHECKS = {
    "legal": Words("法務", "legal"),
    "brand": Words("ブランド", "brand"),
    "eyes": Words("別の人の目", "a second person"),
}
"""What looks at papers before anybody outside does."""


def lacking(name: str, missing: Iterable[str]) -> NotDone:
    """The refusal to show a paper whose present texts lack these checks."""
    said, codes = REFUSALS["unapproved"], list(missing)
    ja, en = "・".join(CHECKS[code].ja for code in codes), ", ".join(CHECKS[code].en for code in codes)
    return NotDone("paper-unapproved", said.ja.format(name=name, missing=ja), said.en.format(name=name, missing=en))


def refused(code: str, **args: str) -> NotDone:
    """The refusal with this code."""
    said = REFUSALS[code]
    return NotDone(
        code if code.startswith("print-") else f"paper-{code}", said.ja.format(**args), said.en.format(**args)
    )
