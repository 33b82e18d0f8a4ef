"""What is said about files and about YAML itself. Pure data."""

from __future__ import annotations

from hagukumi.words.problems import Saying, error, hint, warning

PROBLEMS: dict[str, Saying] = {
    "file.missing": error(
        "ファイルが見つかりません",
        "The file does not exist",
        "ファイルの場所と名前をご確認ください。",
        "Check the folder and the name of the file.",
    ),
    "file.unreadable": error(
        "ファイルを開けません({reason})",
        "The file cannot be opened ({reason})",
        "読み取れるファイルの名前をご指定ください。",
        "Name a file that you may read.",
    ),
    "file.empty": error(
        "ファイルに何も書かれていません",
        "The file says nothing",
        "ほかのファイルを写して書き始めると簡単です。コメント(#)だけの行は数えません。",
        "Start from a copy of another file. Lines of comments (#) do not count.",
    ),
    "file.too_large": error(
        "ファイルが大きすぎます(上限 {most} バイト)",
        "The file is too large (at most {most} bytes)",
        "設定のファイルではない可能性があります。正しいファイルかをご確認いただき、必要なら分けてください。",
        "This may not be a settings file. Check that it is the right one, or divide it.",
    ),
    "file.too_many_values": error(
        "ファイルの項目が多すぎます(上限 {most} 個)",
        "The file holds too many values (at most {most})",
        "いくつかのファイルに分けてください。",
        "Divide it into several files.",
    ),
    "file.too_many_problems": hint(
        "ほかにも {left} 件の問題があります",
        "More problems than are shown: {left} more",
        "一つのファイルにつき {most} 件までお知らせします。上から直して、もう一度お確かめください。",
        "At most {most} are shown for one file. Mend these first, then check again.",
    ),
    "file.binary": error(
        "文字のファイルではありません({form})",
        "This is not a text file ({form})",
        "UTF-8 で保存した YAML のファイルをご指定ください。",
        "Give a YAML file saved as UTF-8.",
    ),
    "file.encoding": error(
        "文字コードが UTF-8 ではありません({encoding} のようです)",
        "The file is not UTF-8 (it seems to be {encoding})",
        "エディターの「名前を付けて保存」で、文字コードに UTF-8 を選んで保存し直してください。",
        "Save it again with UTF-8 as its encoding.",
    ),
    "file.control_character": error(
        "目に見えない制御文字({character})が入っています",
        "There is an invisible control character ({character})",
        "ほかのソフトから貼り付けた文字に混じることがあります。この位置の前後を書き直してください。",
        "Such characters come with pasted text. Type this part again.",
    ),
    "yaml.syntax": error(
        "この位置で YAML として読めなくなりました",
        "From here on this cannot be read as YAML",
        "字下げ、「: 」、引用符、かっこの閉じ忘れを、この行と一つ上の行でご確認ください。",
        'Look at this line and the one above for indentation, ": ", quotes and brackets.',
    ),
    "yaml.tab": error(
        "字下げにタブが使われています",
        "The indentation holds a tab",
        "タブを半角スペース2つに置き換えてください。",
        "Replace the tab by two spaces.",
    ),
    "yaml.fullwidth_space": error(
        "行の始め、または項目名に全角スペースがあります",
        "There is a full-width space before or in the key",
        "全角スペースを半角スペースに置き換えてください(字下げは2つずつ)。",
        "Replace the full-width space by plain ones (two for each level).",
    ),
    "yaml.fullwidth_colon": error(
        "「{key}」の後のコロンが全角「：」です",
        'The colon after "{key}" is a full-width one (：)',
        "半角のコロンと半角スペースで「{key}: 」とお書きください。",
        'Write "{key}: " with a plain colon and a space.',
    ),
    "yaml.colon_space": error(
        "「{key}:」の後に半角スペースがありません",
        'There is no space after "{key}:"',
        "「{key}: 」のように、コロンの後に半角スペースを1つ入れてください。",
        'Put a space after the colon: "{key}: ".',
    ),
    "yaml.dash_space": error(
        "箇条の「-」の後に半角スペースがないか、別の横線が使われています",
        'A list item needs a plain "-" with a space after it',
        "「- 」のように、半角のハイフンと半角スペースで始めてください。",
        'Begin the item with "- ": a hyphen and a space.',
    ),
    "yaml.colon_in_text": error(
        "文の中に「: 」があるため、項目名と見分けられません",
        'The text holds ": ", which looks like another key',
        "文の全体を引用符で囲んでください(例: end: '月1回: お知らせ')。",
        "Put the whole text into quotes, such as end: 'news: once a month'.",
    ),
    "yaml.no_colon": error(
        "「{text}」にコロンがありません",
        'There is no colon in "{text}"',
        "「項目名: 値」の形でお書きください。箇条なら「- 」で始めます。",
        'Write "key: value", or begin a list item with "- ".',
    ),
    "yaml.indent": error(
        "字下げがそろっていません({begun} 行目から始まるまとまり)",
        "The indentation does not agree with the block that begins in line {begun}",
        "同じまとまりの項目は、同じ位置から書き始めてください。1段深くするときは半角スペース2つです。",
        "Keys of one block begin in the same column; each level is two spaces deeper.",
    ),
    "yaml.unclosed": error(
        "「{sign}」が閉じられていません",
        '"{sign}" is never closed',
        "対になる引用符やかっこを書き足してください。",
        "Add the closing quote or bracket.",
    ),
    "yaml.reserved": error(
        "値を「{sign}」で始めることはできません",
        'A value cannot begin with "{sign}"',
        "値の全体を引用符で囲んでください(例: '@取引先')。",
        "Put the whole value into quotes, such as '@account'.",
    ),
    "yaml.escape": error(
        "二重引用符の中の「\\」の使い方が正しくありません",
        'The "\\" inside double quotes is not a known escape',
        "一重引用符 ' で囲むと「\\」をそのまま書けます。",
        "Inside single quotes a \\ may stand as it is.",
    ),
    "yaml.smart_quotes": warning(
        "引用符が「“ ”」になっています",
        "These are typographic quotes (“ ”)",
        "引用符が要るときは半角の ' を、要らないときは {text} とだけお書きください。",
        "Use plain quotes ('), or none: {text}",
    ),
    "yaml.alias": error(
        "参照(& や *)の「{name}」は使えません",
        'Anchors and aliases ("{name}") cannot be used',
        "同じ内容でも、その場所にもう一度お書きください。",
        "Write the value out in both places.",
    ),
    "yaml.tag": error(
        "型の指定「{name}」は使えません",
        'The tag "{name}" cannot be used',
        "「!」で始まる部分を消してください。値の種類は項目ごとに決まっています。",
        'Remove the part that begins with "!"; every key knows its type.',
    ),
    "yaml.documents": error(
        "一つのファイルに「---」で区切られた文書が二つ以上あります",
        "The file holds more than one document (---)",
        "「---」より下を別のファイルに移してください。",
        "Move what stands below --- to a file of its own.",
    ),
    "yaml.too_deep": error(
        "入れ子が深すぎます(上限 {most} 段)",
        "The nesting is too deep (at most {most} levels)",
        "かっこの閉じ忘れがないかをご確認のうえ、分岐を浅くしてください。",
        "Look for an unclosed bracket, or make the branches flatter.",
    ),
    "yaml.key_not_text": error(
        "項目名の位置にかっこがあります",
        "There is a bracket where a key belongs",
        "「{{{{ … }}}}」のような文字は引用符で囲んでください(例: '{{{{ name }}}}')。",
        "Put text such as {{{{ … }}}} into quotes: '{{{{ name }}}}'.",
    ),
    "key.unknown": error(
        "「{key}」という項目はここでは使えません",
        '"{key}" is not a key that may stand here',
        "ここで使える項目: {allowed}。",
        "Keys that may stand here: {allowed}.",
    ),
    "key.duplicate": error(
        "「{key}」が二度書かれています(最初は {line} 行目)",
        '"{key}" is written twice (first in line {line})',
        "一つにまとめるか、要らない方を消してください。",
        "Join the two, or remove one.",
    ),
    "key.missing": error(
        "必要な項目「{key}」がありません",
        'The key "{key}" is missing',
        "「{key}: 」の行を書き足してください({what})。",
        'Add a line "{key}: " ({what}).',
    ),
    "shape.scalar": error(
        "「{key}」には値を一つだけ書きます",
        '"{key}" takes a single value',
        "一覧や入れ子にせず、「{key}: 値」と1行でお書きください。",
        'Write it on one line, "{key}: value", without a list or deeper keys.',
    ),
    "shape.list": error(
        "「{key}」には一覧が必要です",
        '"{key}" takes a list',
        "次の行から「- 」で始まる箇条でお書きください。",
        'Write its items on lines of their own, each beginning with "- ".',
    ),
    "shape.mapping": error(
        "「{key}」には「項目: 値」の組が必要ですが、「{text}」とあります",
        '"{key}" takes keys with values, but says "{text}"',
        "次の行から、半角スペース2つ下げて「項目: 値」の形でお書きください。",
        'Write "key: value" on the lines below, two spaces deeper.',
    ),
    "shape.mapping_not_list": error(
        "「{key}」には「項目: 値」の組が必要ですが、一覧になっています",
        '"{key}" takes keys with values, not a list',
        "行の始めの「- 」を消して、「項目: 値」の形でお書きください。",
        'Remove the "- " and write "key: value".',
    ),
}
