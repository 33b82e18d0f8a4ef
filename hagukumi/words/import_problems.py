"""What an import says when a file, a mapping or a cell cannot be used. Pure data. Start with `PROBLEMS`.

{x}, {y} and {z} are the arguments of a problem in their order.
"""

from __future__ import annotations

from collections.abc import Mapping

from hagukumi.journeys.core.values import Words
from hagukumi.words.problems import Saying
from hagukumi.words.problems import error as _error

MOST_NAMED = 5
"""So many unknown words are named; of the others the number is told."""

FILE: dict[str, Saying] = {
    "import.file_missing": _error(
        "ファイルが見つからないか、開けません",
        "The file is missing or cannot be opened",
        "場所と名前、読み取りの権限をご確認ください。",
        "Check its place, its name and the permission to read it.",
    ),
    "import.file_empty": _error(
        "ファイルが空です",
        "The file is empty",
        "1行目に見出し、2行目からデータのある一覧をご指定ください。",
        "Give a list with headers in its first row and data below.",
    ),
    "import.file_binary": _error(
        "一覧(CSV・Excel)ではないファイルのようです",
        "This does not look like a list (CSV or Excel)",
        "CSV または .xlsx で保存し直したファイルをご指定ください。",
        "Save the list as CSV or .xlsx and give that file.",
    ),
    "import.encoding": _error(
        "文字コードを読み取れません({x} バイト目付近)",
        "The characters cannot be read (near byte {x})",
        "UTF-8 で保存し直すか、マッピングの file.encoding に文字コードをお書きください。",
        "Save the file as UTF-8, or name its encoding in the mapping under file.encoding.",
    ),
    "import.no_header": _error(
        "見出しの行({x}行目)がありません",
        "There is no row of headers (row {x})",
        "見出しのある行を、マッピングの file.header にお書きください。",
        "Write the row of the headers in the mapping under file.header.",
    ),
    "import.nul": _error(
        "文字ではないデータ(NUL)が混ざっています",
        "There is data that is no text (a NUL character)",
        "この行のこの文字を取り除いてください。書き出しの途中で壊れていないかもご確認ください。",
        "Take the character out at this line and column; the list may have been damaged while it was written.",
    ),
    "import.column_missing": _error(
        "列「{x}」がファイルにありません{y}",
        'The file has no column "{x}"{y}',
        "見出しとマッピングの columns の名前をそろえてください。"
        "この一覧で使わない列なら、マッピングからその行を消してください。",
        "Make the headers and the names under columns in the mapping agree, "
        "or take the line out of the mapping if the list has no such column.",
    ),
    "import.few_columns": _error(
        "マッピングの{y}列のうち、ファイルにあるのは{x}列だけです(ファイルの見出し: {z})",
        "The file has only {x} of the {y} columns of the mapping (its headers: {z})",
        "一覧とマッピングの組み合わせをご確認ください。合っている場合は、一覧にない列の行をマッピングから消してください。",
        "Is it the right mapping for this list? If so, take the columns out of it that the list does not have.",
    ),
    "import.column_twice": _error(
        "列「{x}」が2つ以上あります",
        'There are two or more columns "{x}"',
        "どちらを使うか分かるように、片方の見出しの名前を変えてください。",
        "Rename one of them so that it is clear which one is meant.",
    ),
    "import.cell_too_big": _error(
        "1つのセルが大きすぎます({x} 文字まで)",
        "A cell is too big (up to {x} characters)",
        'この行から始まる引用符 " が閉じられていない場合があります。ご確認ください。',
        'A quotation mark " that starts in this row may never be closed.',
    ),
    "import.quote_open": _error(
        '引用符 " が閉じられないまま、ファイルが終わっています',
        'A quotation mark " is still open at the end of the file',
        "この行から始まる引用符を閉じるか、取り除いてください。",
        "Close or remove the quotation mark that starts in this row.",
    ),
    "import.line_too_long": _error(
        "1行が長すぎます({x} 文字まで)",
        "A line is too long (up to {x} characters)",
        "改行のない一覧か、別の種類のファイルの可能性があります。CSV で保存し直してください。",
        "The list may lack line ends or be another kind of file. Save it as CSV again.",
    ),
    "import.too_many_columns": _error(
        "列が多すぎます({x} 列まで)",
        "There are too many columns (up to {x})",
        "必要な列だけを残して保存し直してください。",
        "Keep only the columns you need and save again.",
    ),
    "import.excel_broken": _error(
        "Excel ファイルを開けません",
        "The Excel file cannot be opened",
        "Excel で開いて保存し直すか、CSV で保存してください。",
        "Open it in Excel and save it again, or save it as CSV.",
    ),
    "import.excel_password": _error(
        "Excel ファイルにパスワードがかかっています",
        "The Excel file is protected by a password",
        "パスワードを外して保存し直してください。",
        "Save it without the password.",
    ),
    "import.excel_sheet": _error(
        "シート「{x}」がありません{y}",
        'There is no sheet "{x}"{y}',
        "マッピングの file.sheet に、あるシートの名前をお書きください。",
        "Write the name of an existing sheet in the mapping under file.sheet.",
    ),
    "import.excel_too_big": _error(
        "Excel ファイルが大きすぎます({x})",
        "The Excel file is too big ({x})",
        "CSV で保存し直してください。CSV なら行数の上限はありません。",
        "Save it as CSV; a CSV file may have any number of rows.",
    ),
}
"""Problems of a file as a whole."""

MAPPING: dict[str, Saying] = {
    "import.kind": _error(
        "このマッピングは {x} 用です。{y} の取り込みには使えません",
        "This mapping is for {x}, not for {y}",
        "--map に {y} 用のマッピングをご指定ください。",
        "Give a mapping for {y} with --map.",
    ),
    "import.field_unknown": _error(
        "項目「{x}」はありません{y}",
        'There is no field "{x}"{y}',
        "名前をご確認ください。独自の項目は hagukumi.yaml の fields に宣言してからお使いください。",
        "Check the name. Declare a field of your own in hagukumi.yaml under fields first.",
    ),
    "import.field_twice": _error(
        "項目「{x}」に入れる列や値が2つ以上あります",
        'Two or more columns or values go to the field "{x}"',
        "1つだけを残してください。",
        "Keep only one of them.",
    ),
    "import.constant_bad": _error(
        "項目「{x}」の値「{y}」を読み取れません",
        'The value "{y}" of the field "{x}" cannot be read',
        "次のように読み取れる値をお書きください: {z}",
        "Write a value that can be read: {z}",
    ),
    "import.template_bad": _error(
        "「{x}」の書き方を読み取れません",
        'The template "{x}" cannot be read',
        "{{列名}}、{{列名|lower}}、{{列名|slice:0:8}} の形でお書きください。",
        "Write {{Column}}, {{Column|lower}} or {{Column|slice:0:8}}.",
    ),
    "import.no_key": _error(
        "一覧のどなた・どこのことか分かる項目が、マッピングにありません",
        "The mapping has no field that says whom or what a row is about",
        "次のいずれかを columns に加えてください: {x}",
        "Add one of these under columns: {x}",
    ),
    "import.date_form": _error(
        "日付の書式「{x}」を読み取れません",
        'The form of dates "{x}" cannot be read',
        "%Y-%m-%d(2026-04-28)、%d/%m/%Y %H:%M(28/04/2026 13:05)のようにお書きください。",
        "Write it like %Y-%m-%d (2026-04-28) or %d/%m/%Y %H:%M (28/04/2026 13:05).",
    ),
    "import.source": _error(
        "「{x}」という一覧は intent.yaml の lists にありません{y}",
        'There is no list "{x}" under lists in intent.yaml{y}',
        "マッピングの source を lists の id にそろえるか、intent.yaml に加えてください。",
        "Make the mapping's source the id of a list, or add it to intent.yaml.",
    ),
    "import.no_score": _error(
        "「{x}」は点数の一覧ですが、マッピングに score の列がありません",
        'The list "{x}" is one of scores, and the mapping fills no score',
        "点数の列を columns で score に入れてください。",
        "Give score a column under columns.",
    ),
    "import.week_dated": _error(
        "この一覧は「{x}」の列に日付があるため、--week は指定できません",
        'This list has dates, in the column "{x}": it takes no --week',
        "--week を外してください。--week は、日付のない一覧のための指定です。",
        "Leave --week out; it is for lists without dates.",
    ),
    "import.zone": _error(
        "時間帯「{x}」はありません",
        'There is no time zone "{x}"',
        "Asia/Tokyo のようにお書きください。",
        "Write it like Asia/Tokyo.",
    ),
}
"""Problems of a mapping."""

ROW: dict[str, Saying] = {
    "import.ragged": _error(
        "列の数が見出しより多い行です(見出し {x} 列、この行 {y} 列)",
        "The row has more columns than the headers ({x} headers, {y} cells)",
        "値の中の区切り文字を引用符で囲んでください。",
        "Put quotation marks around values that hold the delimiter.",
    ),
    "import.email": _error(
        "メールアドレスとして読み取れません",
        "This is no mail address",
        "全角の記号や余分な文字がないか、ご確認ください。",
        "Look for full-width signs and stray characters.",
    ),
    "import.date": _error(
        "日付として読み取れません",
        "This is no date",
        "{x} の形でお書きください。",
        "Write it like {x}.",
    ),
    "import.closed": _error(
        "休診・休業の曜日や日を読み取れません(毎日休みとも読めません)",
        "These are no closed days or half-days, or no day is left open",
        "「木曜休診」「水曜午後・土曜午後」「毎月1-10日」のようにお書きください。",
        "Write them like Thu, Wed pm, or 1-10 for days of every month.",
    ),
    "import.number": _error(
        "数として読み取れません",
        "This is no number",
        "数字だけをお書きください(カンマと「床」「名」は読み取れます)。",
        "Write digits only; commas and units such as beds are understood.",
    ),
    "import.whole": _error(
        "0以上の整数ではありません",
        "This is no whole number of 0 or more",
        "100 のような整数をお書きください。",
        "Write a whole number such as 100.",
    ),
    "import.flag": _error(
        "はい・いいえとして読み取れません",
        "This is neither yes nor no",
        "「はい」「いいえ」、yes / no、1 / 0 のいずれかをお書きください。",
        "Write yes or no, 1 or 0.",
    ),
    "import.domain": _error(
        "ドメインとして読み取れません",
        "This is no domain",
        "aoba.example のようにお書きください。",
        "Write it like aoba.example.",
    ),
    "import.choice": _error(
        "決められた言葉ではありません",
        "This is none of the known words",
        "次のいずれかにするか、マッピングの values で読み替えてください: {x}",
        "Write one of these, or replace the value in the mapping under values: {x}",
    ),
    "import.too_long": _error(
        "文字が長すぎます({x} 文字、上限 {y} 文字)",
        "The text is too long ({x} characters, at most {y})",
        "セルの内容をご確認ください。",
        "Check the content of the cell.",
    ),
    "import.required": _error(
        "入力がありません",
        "The cell is empty",
        "この列は必ずご記入ください。",
        "This column must be filled in.",
    ),
    "import.row_no_key": _error(
        "どなた・どこのことか分かる値がありません",
        "Nothing says whom or what the row is about",
        "次のいずれかをご記入ください: {x}",
        "Fill in one of these: {x}",
    ),
    "import.duplicate": _error(
        "{x}行目と同じ方・同じ施設・同じ内容です(先の行を取り込みました)",
        "The same as row {x} (that row was taken)",
        "異なる内容を残したい場合は、1行にまとめてください。",
        "Put what should be kept into one row.",
    ),
    "import.address_taken": _error(
        "このメールアドレスは別の方のものとして登録されています",
        "This mail address belongs to somebody else already",
        "共有のアドレスでないか、同じ方が二重に登録されていないか、ご確認ください。",
        "It may be a shared mailbox, or the same person may be entered twice.",
    ),
    "import.erased": _error(
        "ご本人の求めにより消去した方です。取り込みませんでした",
        "This person was erased at their own request and was kept out",
        "ご本人から改めて同意をいただいたときは、同意の日(消去より後の日付)を consent.got_at に、"
        "consent.ground を consent として取り込んでください。フォームからのお申し込みは、そのまま受け付けます。",
        "Where they have consented anew, import the row with consent.ground consent and consent.got_at later than the "
        "erasure. What they send by a form themselves comes in as it is.",
    ),
    "import.nobody": _error(
        "登録のない方です",
        "Nobody of that address or key is known",
        "先に people の一覧を取り込んでください。",
        "Import the list of people first.",
    ),
    "import.no_account": _error(
        "登録のない施設・会社です",
        "No account of that name or key is known",
        "先に accounts の一覧を取り込んでください。",
        "Import the list of accounts first.",
    ),
    "import.score": _error(
        "点数は {x}〜{y} です",
        "A score is {x} to {y}",
        "別の列を読んでいないか、マッピングの score の列をご確認ください。",
        "Look whether score in the mapping names the right column.",
    ),
    "import.count": _error(
        "回数は {x} より大きく {y} までです",
        "A count is more than {x} and at most {y}",
        "別の列を読んでいないか、マッピングの count の列をご確認ください。",
        "Look whether count in the mapping names the right column.",
    ),
    "import.future": _error(
        "これから先の日時です",
        "The date lies in the future",
        "実際にあった日時をご記入ください。",
        "Write when it really happened.",
    ),
}
"""Reasons why one row is rejected while the others get in."""

DOUBTFUL: dict[str, Words] = {
    "import.twin": Words(
        "「{0}」は登録済みの「{1}」とは、法人格・設置者・所在地のどれかが違うか、手がかりが足りません。同じものかをご確認ください(別に登録しました)",
        '"{0}" and the known "{1}" differ in legal form, owner or place, or too little tells; a person decides '
        "whether they are one (kept as two)",
    ),
    "import.many_places": Words(
        "「{0}」と同じ名前の施設が{1}か所あります。都道府県が分からないため、別の施設として登録しました",
        'There are {1} facilities called "{0}"; without a prefecture it was kept as another one',
    ),
    "import.confirm_address": Words(
        "{0}: 決裁に関わる方が個人用アドレスをお使いです。NGにはせず、ご本人にご確認ください",
        "{0}: a decision-maker on a private address; not NG, to be confirmed with the person",
    ),
    "import.two_values": Words(
        "「{0}」の{1}が行によって違います(「{2}」を使い、「{3}」は使いませんでした)",
        'The rows give "{0}" different values of {1} ("{2}" was taken, "{3}" was not)',
    ),
    "import.stage_back": Words(
        "段階は後戻りしません(現在 {0}、一覧では {1})",
        "A stage never goes back (now {0}, in the list {1})",
    ),
}
"""What a person should look at; the row was imported."""

NOTES: dict[str, Words] = {
    "import.skipped": Words(
        "一覧にない列は飛ばしました: {0}",
        "skipped columns: {0}",
    ),
    "import.owner_types": Words(
        "分からない開設主体があります: {0}。書かれた語はそのまま残し、名前から分かるもの以外は「不明」として扱います。"
        "マッピングの values で、docs/committee.ja.md の語に読み替えられます",
        "owner types that are not known: {0}; the words are kept, and the owner counts as unknown unless a name tells "
        "it. `values` in the mapping can turn them into the words of docs/committee.md",
    ),
}
"""What is said about a list that was imported as a whole."""

PROBLEMS: dict[str, Saying] = FILE | MAPPING | ROW


def strange_owners(counts: Mapping[str, int]) -> Words:
    """The note about owner types that nobody knows, the most frequent first; counts: rows by word."""
    often = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    more = len(often) - MOST_NAMED
    ja = "、".join(f"「{word}」{number:,}件" for word, number in often[:MOST_NAMED])
    en = ", ".join(f'"{word}" ({number:,})' for word, number in often[:MOST_NAMED])
    said = NOTES["import.owner_types"]
    return Words(
        said.ja.format(ja + (f"、ほか{more:,}種類" if more > 0 else "")),
        said.en.format(en + (f" and {more:,} more" if more > 0 else "")),
    )
