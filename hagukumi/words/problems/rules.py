"""What is said about hagukumi.yaml, staff.yaml, scenarios/rules/ and files as a whole, beyond their form. Pure data.

What is wrong with points and defaults is told by checking/words.py, from the rooms that find it.
"""

from __future__ import annotations

from hagukumi.words.problems import Saying, error, hint, warning

FILES: dict[str, Saying] = {
    "check.strange": error(
        "何のファイルか分かりません",
        "This is none of the files that can be checked",
        "シナリオ、決まり(rules)、マッピング、テンプレート、hagukumi.yaml、staff.yaml をご指定ください。",
        "Give a scenario, rules, a mapping, a template, hagukumi.yaml or staff.yaml.",
    ),
    "check.list": error(
        "一覧(CSV・Excel)は、ここでは調べません",
        "Lists (CSV, Excel) are not checked here",
        "「hagukumi import people ファイル --map マッピング」が1行ずつ確かめ、"
        "取り込めない行を理由とともにお知らせします。",
        "`hagukumi import people FILE --map MAP` looks at every row and says which cannot be taken, and why.",
    ),
    "check.folder_empty": error(
        "このフォルダーには、調べられるファイルがありません",
        "There is nothing to check in this folder",
        "scenarios、templates、またはその中のファイルをご指定ください。",
        "Give scenarios, templates, or a file in them.",
    ),
    "check.yml": warning(
        "{name} は読まれません(拡張子が .yml です)",
        "{name} is never read: it ends in .yml",
        "{wanted} に名前を変えてください。",
        "Rename it to {wanted}.",
    ),
    "check.rules_unread": warning(
        "{name} は読まれません",
        "{name} is never read",
        "scenarios/rules/ で使われるのは {known} です。名前をご確認ください。",
        "In scenarios/rules/ these are used: {known}. Check the name.",
    ),
}

SETTINGS: dict[str, Saying] = {
    "settings.blank": warning(
        "{key}({what})が空欄です",
        "{key} ({what}) is blank",
        "特定電子メール法は、広告メールに、送信者の名称・住所・苦情の受付先と、受信を断る方法の表示を求めています。"
        "空欄のあいだ、メールは送られません。",
        "Japan's law on advertising mail asks for the sender's name, postal address and complaints contact, "
        "and a way to refuse. Until this is filled in, no letter leaves.",
    ),
    "settings.zone": error(
        "時間帯「{zone}」はありません",
        'There is no time zone "{zone}"',
        "「Asia/Tokyo」のように書いてください。",
        "Write it like Asia/Tokyo.",
    ),
    "settings.email": error(
        "{key} の「{text}」は、メールアドレスの形ではありません",
        '"{text}" under {key} is no mail address',
        "「sato@hagukumi.example」の形で、半角で書いてください。",
        "Write it like sato@hagukumi.example.",
    ),
    "settings.site": error(
        "{key} の「{text}」は、ウェブのアドレスの形ではありません",
        '"{text}" under {key} is no web address',
        "https:// で始まるアドレスを書いてください。",
        "Write an address that begins with https://.",
    ),
    "settings.notice": error(
        "リンクを signed にするには、公表ページ(notice_url)とその版(notice_version)が必要です",
        "Links cannot be signed without a notice: notice_url and notice_version are missing",
        "どなたがリンクを開いたかを記録するには、電気通信事業法の外部送信規律により、送る情報・送り先・目的の公表が必要です。"
        "公表していないあいだは links: plain にしてください。",
        "To record who followed a link, people must be told what is sent, where to and why (Japan's rule on external "
        "transmission). Until such a page is public, write links: plain.",
    ),
    "settings.field_taken": error(
        "「{name}」は、はじめからある項目の名前です",
        '"{name}" is the name of a field that exists already',
        "別の名前を付けてください。シナリオの条件で見分けられなくなります。",
        "Choose another name; conditions in scenarios could not tell the two apart.",
    ),
    "settings.field_values": error(
        "「{name}」は choice ですが、選べる値(values)がありません",
        '"{name}" is a choice without values to choose from',
        "values: [値1, 値2] を書き足してください。",
        "Add values: [one, another].",
    ),
    "settings.field_no_choice": error(
        "「{name}」は choice ではないので、values は使われません",
        '"{name}" is no choice, so its values are never used',
        "type: choice とするか、values を消してください。",
        "Write type: choice, or remove values.",
    ),
    "staff.twice": error(
        "「{name}」という担当者が二人います(最初は {line} 行目)",
        'Two colleagues have the key "{name}" (the first in line {line})',
        "key は一人に一つ、変わらない名前にしてください。",
        "Give each a key of their own that never changes.",
    ),
    "staff.absent": error(
        "休みの終わり({last})が始まり({first})より前です",
        "The days away end ({last}) before they begin ({first})",
        "first と last の日付を見直してください。一日だけの休みは同じ日にします。",
        "Correct first and last; for a single day they are the same.",
    ),
    "rules.moment": error(
        "「{text}」を日時として読めません",
        '"{text}" is not a day and time',
        "2026-06-18 14:00 または 2026年6月18日 14時 のようにお書きください。",
        "Write it like 2026-06-18 14:00.",
    ),
    "webinars.twice": error(
        "「{name}」というウェビナーが二つあります(最初は {line} 行目)",
        'Two webinars are called "{name}" (the first in line {line})',
        "回ごとに別の名前を付けてください。申し込みと参加は、この名前で記録されます。",
        "Give each date a name of its own: registrations and attendance are kept under it.",
    ),
    "webinars.taken": error(
        "「{0}」は、content.yaml にあるコンテンツの名前です",
        'content.yaml has a piece of content called "{0}"',
        "ウェビナーには別の名前を付けてください。どちらへの反応かを見分けられなくなります。",
        "Give the webinar another name; what people do could not be told apart.",
    ),
    "webinars.theme": error(
        "「{0}」というテーマは content.yaml にありません",
        'content.yaml has no theme "{0}"',
        "content.yaml の themes にある名前を書いてください。",
        "Write one of the themes of content.yaml.",
    ),
    "webinars.content": error(
        "「{0}」というコンテンツは content.yaml にありません",
        'content.yaml has no content "{0}"',
        "当日の資料を content.yaml に書き足すか、この行を消してください。",
        "Add what is shown there to content.yaml, or remove the line.",
    ),
    "webinars.minutes": error(
        "長さ {0} 分は使えません(1〜{1} 分)",
        "It cannot take {0} minutes (1 to {1})",
        "終わるまでの長さを、分でお書きください。",
        "Write how many minutes it takes.",
    ),
    "webinars.capacity": error(
        "定員 {0} 名では、どなたもお申し込みになれません",
        "With a capacity of {0} nobody can register",
        "1 以上を書くか、限りがなければこの行を消してください。",
        "Write at least 1, or remove the line if there is no limit.",
    ),
    "webinars.url": error(
        "{0} の「{1}」は、ウェブのアドレスの形ではありません",
        '"{1}" under {0} is no web address',
        "https:// で始まるアドレスを書いてください。",
        "Write an address that begins with https://.",
    ),
}

RULES: dict[str, Saying] = {
    "points.unknown_content": warning(
        "「{name}」という資料もメールもないため、この決まりは数えられません",
        'There is no content or letter "{name}", so this rule counts nothing',
        "content.yaml の name をご確認ください。",
        "Check the names in content.yaml.",
    ),
    "roles.same_id": error(
        "「{name}」という決まりが二つあります(最初は {line} 行目)",
        'Two rules are called "{name}" (the first in line {line})',
        "別の名前を付けてください。",
        "Give one of them another name.",
    ),
    "roles.no_title": error(
        "「{name}」に肩書きの語がないため、誰にも当てはまりません",
        'The rule "{name}" names no title, so it fits nobody',
        "title に、肩書きに含まれる語を書いてください。",
        "Write words of titles under title.",
    ),
    "roles.unknown_kind": error(
        "施設の種別「{kind}」はありません",
        'There is no kind of facility "{kind}"',
        "使える種別: {allowed}。",
        "Kinds: {allowed}.",
    ),
    "roles.unknown_owner": warning(
        "「{owner}」という開設主体はないため、どの施設にも当てはまりません",
        'There is no owner type "{owner}", so no facility has it',
        "使える開設主体: {allowed}。",
        "Owner types: {allowed}.",
    ),
    "roles.owners_left_out": hint(
        "どの決まりの owner_type にもない開設主体があります: {owners}",
        "No rule names these owner types: {owners}",
        "その施設の方には、開設主体を問わない決まりだけが使われます。当てはまる決まりの owner_type に加えてください。",
        "Only rules that ask for no owner type hold there. Add them to the rules that they belong to.",
    ),
    "icp.owners_left_out": hint(
        "基準「{name}」のどの段階にもない開設主体があります: {owners}",
        "No level of the criterion {name} names these owner types: {owners}",
        "その施設は0点で、開設主体の分からない施設より低くなります。0点でよければ share: 0% の段階に書いてください。",
        "They earn nothing, less than a facility of unknown owner. If that is meant, write a level of share: 0%.",
    ),
    "roles.yen": error(
        "見込み額が {yen}円です",
        "the expected amount is {yen} yen",
        "1円以上にするか、この行を消してください。",
        "Make it 1 or more, or remove the entry.",
    ),
    "roles.never_reached": warning(
        "上の「{first}」が先に当てはまるため、「{name}」は使われません",
        'The rule "{first}" above takes all of these, so "{name}" is never used',
        "条件の細かい決まりを上に移してください。",
        "Put the narrower rule first.",
    ),
    "ng.domain": error(
        "「{text}」は、ドメインの形ではありません",
        '"{text}" is no domain',
        "「example.jp」のように、@ や https:// を付けずに書いてください。",
        "Write it like example.jp, without @ or https://.",
    ),
    "machines.sure": error(
        "確からしさ(sure)が {number} です",
        "sure is {number}",
        "51から99までのパーセントで書いてください。上げるほど、人を機械とみなすことが減ります。",
        "Write per cent from 51 to 99; the higher, the fewer people are taken for machines.",
    ),
    "machines.cidr": error(
        "「{text}」は、ネットワークの形ではありません",
        '"{text}" is no network',
        "「203.0.113.0/24」や「2001:db8::/32」のように書いてください。",
        "Write it like 203.0.113.0/24 or 2001:db8::/32.",
    ),
    "ng.both": warning(
        "「{domain}」が、個人用とする一覧と、しない一覧(business)の両方にあります",
        '"{domain}" stands in a list of private addresses and under business',
        "business が優先されます。どちらかを消してください。",
        "business wins. Remove one of them.",
    ),
    "ng.role": error(
        "「{role}」という役割はありません",
        'There is no role "{role}"',
        "使える役割: {allowed}。",
        "Roles: {allowed}.",
    ),
    "content.twice": error(
        "「{name}」という資料が二つあります(最初は {line} 行目)",
        'Two pieces are called "{name}" (the first in line {line})',
        "どちらかに別の名前を付けてください。",
        "Give one of them another name.",
    ),
    "content.theme": error(
        "「{theme}」というテーマはありません",
        'There is no theme "{theme}"',
        "themes に書き足すか、綴りをご確認ください。",
        "Add it under themes, or check the spelling.",
    ),
    "content.url": error(
        "「{text}」は、ウェブのアドレスの形ではありません",
        '"{text}" is no web address',
        "https:// で始まるアドレスを書いてください。",
        "Write an address that begins with https://.",
    ),
    "content.standing": hint(
        "テーマ「{theme}」の常備資料がそろっていません({kinds})",
        'The theme "{theme}" lacks standing pieces ({kinds})',
        "決裁者向けの1枚資料(summary)、現場向けのチェックリスト(checklist)、比較表(comparison)に、"
        "standing: true を付けてください。",
        "Mark a summary, a checklist and a comparison of this theme with standing: true.",
    ),
    "forms.twice": error(
        "「{name}」というフォームが二つあります(最初は {line} 行目)",
        'Two forms are called "{name}" (the first in line {line})',
        "どちらかに別の名前を付けてください。",
        "Give one of them another name.",
    ),
    "forms.field": error(
        "「{name}」は、フォームから入れられる項目ではありません",
        '"{name}" is no field that a form may fill',
        "氏名・連絡先・勤務先・独自の項目をお選びください(段階や役割は、フォームからは変えられません)。",
        "Choose names, addresses, the facility or fields of your own; a form cannot set stages or roles.",
    ),
    "forms.no_email": error(
        "フォーム「{name}」に、メールアドレスの欄がありません",
        'The form "{name}" has no input for the mail address',
        "email に入れる欄を加えてください。どなたの送信かを、メールアドレスで見分けます。",
        "Add an input that goes to email: it says who has sent the form.",
    ),
    "forms.content": error(
        "「{name}」という資料・ページはありません",
        'There is no content "{name}"',
        "content.yaml に書き足すか、綴りをご確認ください。",
        "Add it to content.yaml, or check the spelling.",
    ),
}

DESK: dict[str, Saying] = {
    "desk.twice": error(
        "「{name}」は {line} 行目にもあります",
        "{name} stands on line {line} as well",
        "結果の名前とキーは、それぞれ一度だけ使えます。どちらかを変えてください。",
        "Each name and each key is used once. Change one of them.",
    ),
    "desk.missing": error(
        "標準の結果が足りません: {names}",
        "Standard outcomes are missing: {names}",
        "消さずに残してください。使わないものも、取り込んだ架電の記録に現れます。",
        "Leave them in: imported call logs may hold any of them.",
    ),
    "desk.clock": error(
        "「{text}」は時刻ではありません",
        '"{text}" is no time of day',
        "'10:00' のように、引用符で囲んで書いてください。",
        "Write it like '10:00', in quotes.",
    ),
    "desk.half": error(
        "「{text}」は、その時間帯の時刻ではありません",
        '"{text}" does not lie in that half of the day',
        "morning は 12:00 より前、afternoon は 12:00 以後にしてください。",
        "morning is before 12:00, afternoon from 12:00 on.",
    ),
    "desk.tries": error(
        "かける回数 {number} は使えません",
        "{number} dials is no number of tries",
        "1 から 20 までにしてください。",
        "Write a number from 1 to 20.",
    ),
    "desk.key": error(
        "キー「{text}」は1文字ではありません",
        'The key "{text}" is not one sign',
        "半角の1文字にしてください。",
        "Use one sign.",
    ),
    "desk.counts_as": error(
        "「{name}」を、どの標準の結果として数えるか分かりません",
        "It is not said as which standard outcome {name} is counted",
        "counts_as: 時期尚早 のように書いてください。シナリオと点数は、標準の結果を見ます。",
        "Write for instance counts_as: 時期尚早. Scenarios and scores look at standard outcomes.",
    ),
    "desk.standard": error(
        "「{name}」という標準の結果はありません",
        "There is no standard outcome {name}",
        "不在・会話・アポ獲得など、はじめからある名前を書いてください。",
        "Use one of those that are there from the start, such as 不在, 会話 or アポ獲得.",
    ),
    "desk.next": error(
        "「{name}」の次の動きに {next} は使えません",
        "{next} cannot follow {name}",
        "つながらなかった結果は redial か find_number、お話しできた結果はそれ以外にしてください。",
        "After a call that reached nobody: redial or find_number; after a talk: any of the others.",
    ),
    "desk.field": error(
        "「{name}」という項目はありません",
        "There is no field {name}",
        "再架電日・紹介先・メモなど、はじめからある項目を書いてください。",
        "Use one of the fields there are, such as 再架電日, 紹介先 or メモ.",
    ),
    "desk.needs": error(
        "「{name}」には、必ず書く項目(needs)に {field} が要ります",
        "{name} has to ask for {field} (needs)",
        "needs: [{field}] と書いてください。次の動きに必要です。",
        "Write needs: [{field}]; what follows cannot be done without it.",
    ),
    "desk.letter": error(
        "「{name}」というメールはありません",
        "There is no letter {name}",
        "templates/ にあるメールの名前(フォルダ/名前)を書いてください。",
        "Name a letter of templates/, as FOLDER/NAME.",
    ),
}

PROBLEMS: dict[str, Saying] = {**FILES, **SETTINGS, **RULES, **DESK}
