"""What is said about letters in templates/: their bodies, subjects and sheets. Pure data."""

from __future__ import annotations

import re

from hagukumi.journeys.core.values import Words
from hagukumi.words.problems import Saying, error, hint, warning

SYNTAX: tuple[tuple[re.Pattern[str], Words], ...] = (
    (
        re.compile(r"Unexpected end of template.* tags: ['\"](\w+)", re.DOTALL),
        Words("「{0}」がないまま、ファイルが終わっています", "the file ends without {0}"),
    ),
    (re.compile(r"unknown tag '(\w+)'"), Words("「{0}」という命令はありません", "there is no tag {0}")),
    (
        re.compile(r"[Mm]issing end of (\w+)|expected token .*got 'end of template'|unexpected 'end of template'"),
        Words("かっこが閉じられていません", "a bracket is never closed"),
    ),
    (
        re.compile(r"unexpected char ['\"](.+)['\"] at"),
        Words("「{0}」は式の中では使えません", "{0} cannot stand in an expression"),
    ),
    (
        re.compile(r"got ['\"](.+)['\"]$|unexpected ['\"](.+)['\"]"),
        Words("「{0}」の位置が正しくありません", "{0} is out of place"),
    ),
)
"""What Jinja says of a broken template, in people's words; {0} is the first group that was found."""

UNCLEAR = Words("この行か、その前", "in this line or before it")

FILES: dict[str, Saying] = {
    "template.missing": error(
        "テンプレート {wanted} がありません",
        "There is no template {wanted}",
        "ファイルを作るか、名前の綴りをご確認ください。件名は .subject、本文は .txt、題名やリンクは .yaml に書きます。",
        "Make the file or check its name: subjects end in .subject, bodies in .txt, title and links stand in .yaml.",
    ),
    "template.stray": warning(
        "このファイルは、どのメールにも使われません",
        "No letter is made of this file",
        "使われる名前の形: {forms}。",
        "Names that are used: {forms}.",
    ),
    "material.language": warning(
        "このページの {wanted} がありません",
        "This page lacks {wanted}",
        "もう一つの言葉の本文を書いてください。ないあいだは、言葉を切り替えるリンクが出ません。",
        "Write the text in the other language. Until then the page has no link to switch.",
    ),
    "material.unknown": warning(
        "content.yaml に「{name}」がないため、このページは表示されません",
        "This page is never shown: content.yaml has no piece {name}",
        "scenarios/rules/content.yaml に書き足すか、ファイル名をそこにある名前に合わせてください。",
        "Add it to scenarios/rules/content.yaml, or name the file as it is named there.",
    ),
    "template.empty": error(
        "本文が空です",
        "The body is empty",
        "本文を書くか、ファイルを消してください。",
        "Write the letter, or remove the file.",
    ),
    "template.unreadable": error(
        "ファイルを読み取れません({reason})",
        "The file cannot be read ({reason})",
        "場所と読み取りの権限をご確認ください。",
        "Check its place and the permission to read it.",
    ),
    "template.encoding": error(
        "UTF-8 の文字として読み取れないところがあります({byte})",
        "There is something here that is no UTF-8 text ({byte})",
        "文字コードに UTF-8 を選んで保存し直してください。目に見えない制御文字は消してください。",
        "Save it again as UTF-8, without control characters.",
    ),
    "template.too_large": error(
        "大きすぎます(上限 {most})",
        "This is too large (at most {most})",
        "短くするか、2通に分けてください。",
        "Shorten it, or make two letters of it.",
    ),
    "template.too_deep": error(
        "入れ子が深すぎます(上限 {most} 段)",
        "The nesting is too deep (at most {most} levels)",
        "if・for・かっこ・タグの入れ子を減らしてください。",
        "Nest fewer ifs, fors, brackets and tags.",
    ),
}

BODY: dict[str, Saying] = {
    "template.syntax": error(
        "テンプレートの書き方が正しくありません({why})",
        "The template is not well formed ({why})",
        "{{{{ }}}} と {{% %}} の対応、endif・endfor の有無をご確認ください。",
        "Check that {{{{ }}}} and {{% %}} pair up and that every if and for has its end.",
    ),
    "template.endless": error(
        "繰り返しが多すぎるか、終わりが分かりません(上限 {most})",
        "This repeats too often, or nobody knows how often (at most {most})",
        "繰り返しは「{{% for n in range(3) %}}」のように、回数を数字で書いてください。",
        "Write how often as a number: {{% for n in range(3) %}}.",
    ),
    "template.forbidden": error(
        "「{what}」は、テンプレートでは使えません",
        '"{what}" cannot be used in a template',
        "使えるのは、項目の表示、if、短い for、決められたフィルター、_layout/ の読み込みだけです。",
        "Templates may show fields, ask with if, loop shortly, use the given filters and include from _layout/.",
    ),
    "template.undefined": error(
        "「{name}」という項目はありません",
        'There is no field "{name}"',
        "項目の名前は person.family_name、account.name、sender.company などです。綴りをご確認ください。",
        "Fields are called person.family_name, account.name, sender.company and so on. Check the spelling.",
    ),
    "template.unknown_filter": error(
        "「{name}」というフィルターはありません",
        'There is no filter "{name}"',
        "日付は ja_date と en_date、数は number と yen、空のときの言葉は default を使います。",
        "Dates take ja_date or en_date, numbers number or yen, and default gives words for what is missing.",
    ),
    "template.unknown_test": error(
        "「is {name}」という判定はありません",
        'There is no test "is {name}"',
        "「is defined」や比較(== や >=)を使ってください。",
        "Use `is defined`, or compare with == or >=.",
    ),
    "template.unknown_link": error(
        "「{name}」というリンクが、シートの links にありません",
        'The sheet has no link "{name}"',
        "同じ名前の .yaml の links に書き足してください。",
        "Add it under links in the .yaml of the same name.",
    ),
    "template.unknown_paper": error(
        "「{name}」という資料が、templates/papers/ にありません",
        'There is no paper "{name}" in templates/papers/',
        "templates/papers/ にあるファイルの名前(最初の . の前)を書いてください。",
        "Give the name of a file in templates/papers/, up to its first dot.",
    ),
    "paper.language": error(
        "この資料の {wanted} がありません",
        "This paper lacks {wanted}",
        "もう一つの言葉の文面を書いてください。その言葉の方のリンクで開けません。",
        "Write the text in the other language: links of whoever reads it lead nowhere.",
    ),
    "template.no_fallback": warning(
        "「{name}」が未登録の方には、このメールは送られません",
        "People without {name} will not get this letter",
        "シートの fallbacks に代わりの言葉を書くか、「{{% if {name} is defined %}}」で分けてください。",
        "Write other words under fallbacks in the sheet, or ask {{% if {name} is defined %}}.",
    ),
    "template.no_webinar": error(
        "「{name}」を使っていますが、シートにウェビナーの名前がありません",
        "{name} is used, but the sheet names no webinar",
        "シートに webinar: 名前 (webinars.yaml の name)を書いてください。",
        "Write webinar: NAME (one of webinars.yaml) in the sheet.",
    ),
    "template.unknown_webinar": error(
        "シートの「{name}」というウェビナーは webinars.yaml にありません",
        'webinars.yaml has no webinar "{name}", which the sheet names',
        "webinars.yaml にある name を書いてください。",
        "Write one of the names in webinars.yaml.",
    ),
}

EXAMPLES: dict[str, Saying] = {
    "template.missing_attribute": error(
        "{example}番目の見本には「{name}」がなく、代わりの言葉もありません",
        "Example {example} lacks {name}, and there are no other words for it",
        "シートの fallbacks に代わりの言葉を書くか、「{{% if {name} is defined %}}」で分けてください。",
        "Write other words under fallbacks in the sheet, or ask {{% if {name} is defined %}}.",
    ),
    "template.cannot_calculate": error(
        "{example}番目の見本の値では、計算できません",
        "This cannot be calculated with the values of example {example}",
        "数どうしの計算か、0で割っていないかをご確認ください。",
        "See that both sides are numbers, and nothing is divided by 0.",
    ),
    "template.control_character": error(
        "文面に、目に見えない使えない文字があります",
        "The text holds an invisible character that no letter may hold",
        "ほかのソフトから貼り付けた文字に混じることがあります。文面を書き直してください。",
        "Such characters come with pasted text. Type the letter again.",
    ),
    "template.no_surname": error(
        "{example}番目の見本の方に、姓がありません",
        "The person of example {example} has no surname",
        "examples の person に family_name を書いてください。姓の分からない方にメールは送りません。",
        "Write a family_name under examples, person. Nobody without a surname is written to.",
    ),
    "template.no_address": error(
        "{example}番目の見本の方に、メールアドレスがありません",
        "The person of example {example} has no mail address",
        "examples の person に email を書いてください。",
        "Write an email under examples, person.",
    ),
    "template.template_missing": error(
        "このメールに要る {file} がありません",
        "The letter needs {file}, which is missing",
        "ファイルを作るか、元に戻してください。",
        "Make the file, or restore it.",
    ),
    "template.template_broken": error(
        "このメールに要る {file} に誤りがあります({problem})",
        "The letter needs {file}, which is broken ({problem})",
        "そのファイルの誤りを先に直してください。",
        "Mend that file first.",
    ),
}

SHEET: dict[str, Saying] = {
    "template.sheet_empty": error(
        "シートに何も書かれていません",
        "The sheet says nothing",
        "題名から書き始めてください(例: title: {{ja: ご案内, en: News}})。",
        "Begin with a title, such as title: {{ja: ご案内, en: News}}.",
    ),
    "template.sheet_no_title": error(
        "シートに題名(title)がありません",
        "The sheet has no title",
        "社内の一覧に出る題名を書いてください(例: title: {{ja: ご案内, en: News}})。",
        "Write what colleagues call this letter, such as title: {{ja: ご案内, en: News}}.",
    ),
    "template.sheet_syntax": error(
        "この位置で YAML として読めなくなりました",
        "From here on this cannot be read as YAML",
        "字下げ、「: 」、引用符、かっこの閉じ忘れを、この行と一つ上の行でご確認ください。",
        'Look at this line and the one above for indentation, ": ", quotes and brackets.',
    ),
    "template.sheet_not_mapping": error(
        "ここには「項目: 値」の組が入ります",
        "Keys with values belong here",
        "次の行から、半角スペース2つ下げて「項目: 値」の形で書いてください。",
        "Write `key: value` on the lines below, two spaces deeper.",
    ),
    "template.sheet_not_list": error(
        "ここには「- 」で始まる一覧が入ります",
        "A list belongs here",
        "一つずつ「- 」で始めてください。",
        'Begin each item with "- ".',
    ),
    "template.sheet_not_text": error(
        "ここには文字が入ります",
        "A text belongs here",
        "一覧や入れ子にせず、値を一つだけ書いてください。",
        "Write a single value, without a list or deeper keys.",
    ),
    "template.sheet_twice": error(
        "「{key}」が二度書かれています",
        '"{key}" is written twice',
        "一つにまとめるか、要らない方を消してください。",
        "Join the two, or remove one.",
    ),
    "template.sheet_unknown": error(
        "「{key}」という項目は、ここでは使えません",
        '"{key}" is not a key that may stand here',
        "ここで使える項目: {allowed}。",
        "Keys that may stand here: {allowed}.",
    ),
    "template.sheet_value": error(
        "「{value}」は、ここでは使えません",
        '"{value}" cannot stand here',
        "選べる値: {allowed}。",
        "Choose one of: {allowed}.",
    ),
    "template.bad_link": error(
        "リンク「{name}」のアドレスが正しくありません: {url}",
        'The link "{name}" has no proper address: {url}',
        "https:// で始まるアドレスを、url に書いてください。",
        "Write an address that begins with https:// under url.",
    ),
    "template.no_content": error(
        "「{name}」という資料はありません",
        'There is no content "{name}"',
        "scenarios/rules/content.yaml に書き足すか、綴りをご確認ください。",
        "Add it to scenarios/rules/content.yaml, or check the spelling.",
    ),
    "template.other_url": error(
        "「{name}」のアドレスが、content.yaml では {wanted} です",
        'In content.yaml "{name}" stands at {wanted}',
        "同じアドレスにそろえてください。違うと、クリックがこの資料のものとして数えられません。",
        "Make the two agree; otherwise clicks are not counted for this piece.",
    ),
    "template.theme": error(
        "「{theme}」というテーマはありません",
        'There is no theme "{theme}"',
        "scenarios/rules/content.yaml の themes に書き足すか、綴りをご確認ください。",
        "Add it under themes in scenarios/rules/content.yaml, or check the spelling.",
    ),
}

MANNERS: dict[str, Saying] = {
    "template.no_refusal": error(
        "配信停止の方法(refuse_url)が、文面にありません",
        "The letter says no way to refuse (refuse_url)",
        "末尾に {{% include '_layout/footer.ja.txt' %}} を入れてください。特定電子メール法が表示を求めています。",
        "End it with {{% include '_layout/footer.en.txt' %}}; the law asks for it.",
    ),
    "template.no_sender": error(
        "差出人の会社名が、文面にありません",
        "The letter does not name the sender's company",
        "末尾に {{% include '_layout/footer.ja.txt' %}} を入れてください。特定電子メール法が表示を求めています。",
        "End it with {{% include '_layout/footer.en.txt' %}}; the law asks for it.",
    ),
    "template.no_sender_name": error(
        "差出人の氏名が、文面にありません",
        "The letter does not name the person who sends it",
        "末尾に {{% include '_layout/footer.ja.txt' %}} を入れてください。特定電子メール法が表示を求めています。",
        "End it with {{% include '_layout/footer.en.txt' %}}; the law asks for it.",
    ),
    "template.no_postal_address": error(
        "差出人の住所が、文面にありません",
        "The letter lacks the sender's postal address",
        "末尾に {{% include '_layout/footer.ja.txt' %}} を入れてください。特定電子メール法が表示を求めています。",
        "End it with {{% include '_layout/footer.en.txt' %}}; the law asks for it.",
    ),
    "template.no_complaints": error(
        "ご意見・苦情の窓口が、文面にありません",
        "The letter lacks the contact for questions and complaints",
        "末尾に {{% include '_layout/footer.ja.txt' %}} を入れてください。特定電子メール法が表示を求めています。",
        "End it with {{% include '_layout/footer.en.txt' %}}; the law asks for it.",
    ),
    "template.refusal_apart": error(
        "配信停止の方法が、差出人の会社名から離れています",
        "The way to refuse stands far from the sender's company",
        "会社名のすぐ下に refuse_url を置いてください。_layout/footer.ja.txt はそのように並んでいます。",
        "Put refuse_url right below the company, as _layout/footer.en.txt does.",
    ),
    "template.maybe_hidden": error(
        "法律で必要な表示({names})が、条件によって出ないことがあります",
        "What the law asks for ({names}) is shown under a condition only",
        "{{% if %}} や {{% for %}} の外に置いてください。"
        "{{% include '_layout/footer.ja.txt' %}} を末尾に、条件なしで入れるのが確実です。",
        "Put it outside every {{% if %}} and {{% for %}}; surest is {{% include '_layout/footer.en.txt' %}} at the "
        "end, under no condition.",
    ),
    "template.no_contact": error(
        "お問い合わせ先が、文面にありません",
        "The letter says nobody to ask",
        "末尾に {{% include '_layout/signature.ja.txt' %}} を入れるか、"
        "sender.complaints、sender.phone、sender.email のどれかを書いてください。",
        "End it with {{% include '_layout/signature.en.txt' %}}, or write one of sender.complaints, sender.phone and "
        "sender.email.",
    ),
    "template.unsigned": error(
        "差出人の会社名が、文面にありません",
        "The letter does not name the sender's company",
        "末尾に {{% include '_layout/signature.ja.txt' %}} を入れてください。会社名とお問い合わせ先が入ります。",
        "End it with {{% include '_layout/signature.en.txt' %}}: it has the company and whom to ask.",
    ),
    "template.subject_empty": error(
        "件名が空です",
        "The subject is empty",
        "20〜30字で、要点から書いてください。",
        "Say the point in a few words.",
    ),
    "template.subject_lines": error(
        "件名が2行以上あります",
        "The subject has more than one line",
        "1行にまとめてください。",
        "Put it on one line.",
    ),
    "template.subject_long": warning(
        "件名が長すぎます(全角で{characters}字、{most}字まで)",
        "The subject is long ({characters} full-width characters; {most} are shown)",
        "はじめの15字に要点を置き、短くしてください。",
        "Put the point first and shorten it.",
    ),
    "template.subject_fake_reply": warning(
        "返信や転送を装った件名です: {subject}",
        "The subject pretends to be a reply: {subject}",
        "「Re:」「Fwd:」を消してください。受け取った方の信頼を損ないます。",
        "Remove Re: or Fwd:; readers feel tricked.",
    ),
    "template.subject_shouts": warning(
        "件名に「{words}」があります",
        "The subject shouts: {words}",
        "要点そのものを書いてください。",
        "Say the point itself.",
    ),
    "template.line_long": hint(
        "1行が長めです(全角で{characters}字): {line}",
        "The line is long ({characters} full-width characters): {line}",
        "30〜{most}字で改行すると、携帯電話でも読みやすくなります。",
        "Break it after 30 to {most} full-width characters; telephones show no more.",
    ),
    "template.double_honorific": warning(
        "敬称が重なっています: {line}",
        "Two honorifics meet: {line}",
        "「院長様」「先生様」とせず、「院長」「先生」「様」のどれか一つにしてください。",
        "Use only one of 院長, 先生 and 様.",
    ),
    "template.onchu_with_sama": warning(
        "「御中」と「様」が一緒に使われています",
        "御中 and 様 stand together",
        "個人宛は「様」、部署や施設宛は「御中」のどちらかにしてください。",
        "Write 様 for a person, 御中 for a department or facility.",
    ),
}

PROBLEMS: dict[str, Saying] = {**FILES, **BODY, **EXAMPLES, **SHEET, **MANNERS}
