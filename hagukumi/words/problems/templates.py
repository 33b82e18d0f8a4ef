"""What is said about letters in templates/: their bodies, subjects and sheets. Pure data."""

from __future__ import annotations

from hagukumi.words.problems import Saying, error, hint, warning

SYNTAX: dict[str, Saying] = {
    "template.missing": error(
        "テンプレート {wanted} がありません", "There is no template {wanted}",
        "ファイルを作るか、名前の綴りをご確認ください(名前.[executive|field.]言語.subject または .txt)。",
        "Make the file or check its name: name.[executive|field.]language.subject or .txt.",
    ),
    "template.template_missing": error(
        "テンプレート {file} がありません", "There is no template {file}",
        "ファイルを作るか、名前の綴りをご確認ください。", "Make the file or check its name.",
    ),
    "template.unreadable": error(
        "ファイルを読み取れません({reason})", "The file cannot be read ({reason})",
        "場所と読み取りの権限をご確認ください。", "Check its place and the permission to read it.",
    ),
    "template.encoding": error(
        "UTF-8 として読み取れない文字があります({byte})", "There is a character that is not UTF-8 ({byte})",
        "UTF-8 で保存し直してください。制御文字は消してください。", "Save it as UTF-8, without control characters.",
    ),
    "template.too_large": error(
        "大きすぎます(上限 {most})", "It is too large (at most {most})",
        "短くするか、2通に分けてください。", "Shorten it, or make two letters of it.",
    ),
    "template.too_deep": error(
        "入れ子が深すぎます(上限 {most})", "It is nested too deeply (at most {most})",
        "if や for の入れ子を減らしてください。", "Nest fewer ifs and fors.",
    ),
    "template.syntax": error(
        "書き方が正しくありません({reason})", "The template is not well formed ({reason})",
        "波括弧の対応と、endif・endfor の有無をご確認ください。",
        "Check that braces pair up and that every if and for has its end.",
    ),
    "template.template_broken": error(
        "テンプレートに誤りがあります({problem})", "The template is broken ({problem})",
        "このファイルの他の指摘を先に直してください。", "Mend the other problems of this file first.",
    ),
    "template.endless": error(
        "繰り返しが多すぎます(上限 {most})", "It repeats too often (at most {most})",
        "繰り返しの回数を減らしてください。", "Repeat fewer times.",
    ),
    "template.forbidden": error(
        "「{what}」はテンプレートでは使えません", "{what} cannot be used in a template",
        "使えるのは、項目の表示・if・短い for・決められたフィルターだけです。",
        "Templates may show fields, ask with if, loop shortly, and use the given filters.",
    ),
    "template.undefined": error(
        "「{name}」という項目はありません", "There is no field {name}",
        "綴りをご確認ください。独自の項目は hagukumi.yaml の fields に書きます。",
        "Check the spelling. Fields of your own are declared in hagukumi.yaml under fields.",
    ),
    "template.unknown_filter": error(
        "フィルター「{name}」はありません", "There is no filter {name}",
        "ja_date・number・yen などが使えます。", "There are ja_date, number, yen and a few more.",
    ),
    "template.unknown_test": error(
        "判定「{name}」はありません", "There is no test {name}",
        "「is defined」などが使えます。", "There are `is defined` and a few more.",
    ),
    "template.unknown_link": error(
        "リンク「{name}」がシートの links にありません", "The sheet's links have no {name}",
        "同じ名前の .yaml の links に書き加えてください。", "Add it to links in the .yaml of the same name.",
    ),
    "template.cannot_calculate": error(
        "見本の値では計算できません", "It cannot be calculated with the example's values",
        "数の項目かどうか、0で割っていないかをご確認ください。", "See that it is a number, and not divided by 0.",
    ),
    "template.missing_attribute": error(
        "見本に「{name}」がなく、代わりの言葉もありません", "The example lacks {name}, and there is no fall-back",
        "シートの fallbacks に代わりの言葉を書いてください。", "Write a fall-back into the sheet's fallbacks.",
    ),
    "template.control_character": error(
        "見本の氏名や件名に制御文字があります", "A name or subject of the example holds a control character",
        "改行や制御文字を消してください。", "Remove line breaks and control characters.",
    ),
    "template.bad_address": error(
        "見本のメールアドレスが正しくありません", "The example's address is malformed",
        "examples の email をご確認ください。", "Check the email under examples.",
    ),
    "template.bad_link": error(
        "リンク「{name}」のアドレスが正しくありません: {url}", "The link {name} has a malformed address: {url}",
        "https:// で始まるアドレスを書いてください。", "Write an address that begins with https://.",
    ),
    "template.no_surname": error(
        "見本の方に姓がありません", "The example's person has no surname",
        "examples の person に family_name を書いてください。", "Write a family_name under examples, person.",
    ),
    "template.no_address": error(
        "見本の方にメールアドレスがありません", "The example's person has no address",
        "examples の person に email を書いてください。", "Write an email under examples, person.",
    ),
}  # fmt: skip

SHEET: dict[str, Saying] = {
    "template.sheet_empty": error(
        "シートが空です", "The sheet is empty", "title(ja、en)から書き始めてください。", "Begin with a title (ja, en)."
    ),
    "template.sheet_no_title": error(
        "シートに title がありません", "The sheet has no title",
        "title: {{ja: …, en: …}} を書いてください。", "Write title: {{ja: …, en: …}}.",
    ),
    "template.sheet_syntax": error(
        "シートをYAMLとして読み取れません({reason})", "The sheet is not well-formed YAML ({reason})",
        "字下げ・コロン・引用符をご確認ください。", "Check indentation, colons and quotes.",
    ),
    "template.sheet_not_mapping": error(
        "ここには「項目: 値」が並びます", "Keys with values belong here",
        "「項目: 値」の形で書いてください。", "Write `key: value`.",
    ),
    "template.sheet_not_list": error(
        "ここには「- 」で始まる一覧が入ります", "A list belongs here", "「- 」で始めてください。", "Begin each with `- `."
    ),
    "template.sheet_not_text": error(
        "ここには文字が入ります", "A text belongs here", "値を1つだけ書いてください。", "Write a single value."
    ),
    "template.sheet_twice": error(
        "「{key}」が二度書かれています", "{key} is written twice", "片方を消してください。", "Remove one of them."
    ),
    "template.sheet_unknown": error(
        "「{key}」という項目はありません", "There is no key {key}", "使えるもの: {allowed}", "There are: {allowed}"
    ),
    "template.sheet_value": error(
        "「{value}」は指定できません", "{value} cannot stand here", "使えるもの: {allowed}", "There are: {allowed}"
    ),
}  # fmt: skip

MANNERS: dict[str, Saying] = {
    "template.no_refusal": error(
        "配信停止の方法(refuse_url)が文面にありません", "The letter lacks the way to refuse (refuse_url)",
        "{{% include '_layout/footer.ja.txt' %}} を入れてください(特定電子メール法)。",
        "Include '_layout/footer.en.txt'; the law asks for it.",
    ),
    "template.no_sender": error(
        "差出人の会社名が文面にありません", "The letter lacks the sender's company",
        "{{% include '_layout/footer.ja.txt' %}} を入れてください(特定電子メール法)。",
        "Include '_layout/footer.en.txt'; the law asks for it.",
    ),
    "template.no_fallback": warning(
        "「{name}」が未登録の方には送られません", "People without {name} will not get this letter",
        "シートの fallbacks に代わりの言葉を書くか、if で分けてください。",
        "Write a fall-back into the sheet's fallbacks, or ask with if.",
    ),
    "template.subject_empty": error(
        "件名が空です", "The subject is empty", "20〜30字で要点を書いてください。", "Say the point in a few words."
    ),
    "template.subject_lines": error(
        "件名が2行以上あります", "The subject has more than one line", "1行にしてください。", "Make it one line."
    ),
    "template.subject_long": warning(
        "件名が長すぎます(全角{characters}字、目安{most}字)", "The subject is long ({characters} full-width, {most} is good)",
        "要点を前に置き、短くしてください。", "Put the point first and shorten it.",
    ),
    "template.subject_fake_reply": warning(
        "返信や転送を装った件名です: {subject}", "The subject pretends to be a reply: {subject}",
        "Re: や Fwd: を消してください。", "Remove Re: or Fwd:.",
    ),
    "template.subject_shouts": warning(
        "件名に「{words}」があります", "The subject shouts: {words}", "要点そのものを書いてください。", "Say the point itself."
    ),
    "template.line_long": hint(
        "1行が長めです", "The line is long", "30〜35字で折り返すと読みやすくなります。", "Break it at 60 to 70 characters."
    ),
    "template.double_honorific": warning(
        "敬称が重なっています: {line}", "Two honorifics meet: {line}",
        "「院長様」ではなく「院長」または「様」のどちらかにします。", "Use one of them.",
    ),
    "template.onchu_with_sama": warning(
        "御中と様が一緒に使われています", "御中 and 様 stand together",
        "個人宛は様、部署宛は御中のどちらかにします。", "Use 様 for a person, 御中 for a department.",
    ),
}  # fmt: skip

PROBLEMS: dict[str, Saying] = {**SYNTAX, **SHEET, **MANNERS}
