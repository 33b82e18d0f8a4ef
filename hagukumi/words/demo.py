"""What `make demo` says. {names} are filled in by demo/report.py. Imports core.values only."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words

PARTS = {
    "build": Words("架空の市場をつくっています", "Making a fictitious market"),
    "import": Words("一覧を取り込んでいます", "Bringing in the lists"),
    "publish": Words("シナリオを公開しています", "Opening the scenarios"),
    "live": Words("仮想の時計で60営業日を過ごしています", "Living sixty business days on a virtual clock"),
}

TITLE = Words("育み(はぐくみ)の見本: {name}(架空の会社です)", "Hagukumi's example: {name} (fictitious)")
LIVED = Words(
    "仮想の時計で {start} から {end} まで({days}営業日)。かかった時間は{seconds}秒です。",
    "From {start} to {end} on a virtual clock ({days} business days); it took {seconds} s.",
)
TOOK = Words(
    "内訳: 市場 {build} + 取り込み {imports} + 公開 {publish} + エンジン {engine} + 取引先 {programme} + "
    "人々のふるまい {world}(秒)",
    "of which: market {build} + lists {imports} + publishing {publish} + engine {engine} + accounts {programme} + "
    "people {world} (seconds)",
)

LISTS = {
    "optouts": Words("旧ツールの配信停止", "former opt-outs"),
    "accounts": Words("施設", "facilities"),
    "people": Words("見込み客", "people"),
    "activities": Words("これまでの反応", "earlier reactions"),
    "deals": Words("これまでの商談", "earlier deals"),
    "past_sends": Words("旧ツールの送信履歴", "former letters"),
    "hard_bounces": Words("宛先不明", "dead addresses"),
}
ROWS = (
    Words("一覧", "list"), Words("回", "lists"), Words("行", "rows"), Words("新規", "new"), Words("更新", "updated"),
    Words("変更なし", "unchanged"), Words("取り込めず", "rejected"),
)  # fmt: skip
"""Columns: how many such lists; rows = new + updated + unchanged + rejected."""
REJECTS = Words("取り込めなかった行と理由は {folder} にあります", "rejected rows and why: {folder}")
DOUBTFUL = Words(
    "取り込んだうえで、人が確かめたいところが {number}件(似た社名、個人用アドレスの決裁者など)",
    "taken in, but somebody should look at {number} (names alike, a decision-maker's private address)",
)

PEOPLE = Words(
    "登録 {people}名 = シナリオに入った方 {entered} + 入らなかった方 {out}",
    "{people} people = {entered} entered a scenario + {out} did not",
)
NOBODY_S = Words("どのシナリオの条件にも合わなかった方", "fit the conditions of no scenario")
SCENARIOS = (
    Words("シナリオ", "scenario"), Words("入った", "entered"), Words("途中", "inside"), Words("停止", "set aside"),
    Words("終了", "ended"), Words("メール", "letters"), Words("送信済み", "sent"), Words("待ち", "waiting"),
    Words("見送り", "not sent"),
)  # fmt: skip
"""Columns: entered = inside + set aside + ended; letters = sent + waiting + not sent."""
SUM = Words("合計", "together")
TWICE = Words(
    "入った {visits}回は {people}名分です(別のテーマを示した方は、次のシナリオに移ります)",
    "the {visits} entries are those of {people} people: who shows another interest moves on to its scenario",
)
ENDED = Words("終了した {ended}回の理由", "why {ended} of them ended")
SET_ASIDE = Words(" + 問題が起きて停止 {number}", " + {number} set aside after a failure")

LETTERS = Words("用意した {total}通 = {parts}", "{total} written = {parts}")
APART = Words(
    "うち {number}通は、シナリオではなく電話のあとに送るメールです",
    "{number} of them follow calls and are of no scenario",
)
SENT = Words("送信済み", "sent")
OF_WHICH = Words("{what}(うち{parts})", "{what} (of which {parts})")
SAME_CONTENT = Words(
    "同じ内容を、同じ宛先にすでに送っていたため見送り", "Not sent: the same content had gone to that mailbox before"
)
NOT_SENT = Words("送らなかった {number}通の理由", "why {number} were not sent")
WAITING = Words("待っている {number}通の理由", "why {number} wait")
DELAYED = Words(
    "送信済みのうち {number}通は、時間帯・通数の上限・営業の対応中などのため、待ってから送りました",
    "{number} of those sent had waited: sending hours, caps, an open task of inside sales",
)
OUTBOX = Words(
    "{folder} にあります(Maildir。外には1通も出ていません)",
    "they lie in {folder} (a Maildir; nothing left this machine)",
)

KINDS = (
    Words("ふるまい", "what"), Words("記録", "recorded"), Words("数える", "counted"),
    Words("機械(数えない)", "machines: not counted"),
)  # fmt: skip
REACTIONS = {
    "opened": Words("開封", "opens"),
    "clicked": Words("クリック", "clicks"),
    "downloaded": Words("資料のダウンロード", "downloads"),
    "visited": Words("ページの閲覧", "page views"),
    "submitted": Words("フォームの送信", "forms"),
    "registered": Words("セミナーの申し込み", "registrations for webinars"),
    "attended": Words("セミナーの参加", "webinars attended"),
    "replied": Words("返信", "replies"),
    "auto_replied": Words("自動の返信(不在・退職など)", "automatic replies: away, left"),
    "bounced": Words("戻ってきたメール", "letters that came back"),
    "refused": Words("配信停止・お断り(一覧によるものを含む)", "refusals, also by lists"),
    "called": Words("電話", "calls"),
    "met": Words("商談の実施", "meetings held"),
    "meeting": Words("商談の中止", "meetings cancelled"),
    "handed_over": Words("FSへの引き継ぎと、その返事", "hand-overs to field sales, and their answers"),
    "marked": Words("的外れの印", "causes marked as beside the point"),
    "task_withdrawn": Words("取り下げた架電", "calls taken off the desk"),
    "unsubscribed": Words("配信停止のお申し出", "unsubscriptions"),
    "spam_report": Words("迷惑メールの申告", "reports as spam"),
    "undelivered": Words("一時的な不達", "letters that could not be delivered yet"),
    "deal": Words("商談の進展", "news of deals"),
    "left": Words("退職・異動", "people who left"),
}
JUDGED = (
    Words(
        "真値との答え合わせ: 機械による開封・クリック {machines}件 = 見分けた {found} + 見逃した {missed}",
        "against the truth: {machines} opens and clicks by machines = {found} told apart + {missed} taken for people",
    ),
    Words(
        "人による開封・クリック {people}件のうち、誤って機械としたもの {wronged}件",
        "of {people} opens and clicks by people {wronged} were taken for machines",
    ),
)

JUMPS = Words(
    "点数の急上昇 {jumps}回、トスアップ {handed_over}名", "{jumps} jumps of a score, {handed_over} people handed over"
)
TASKS = Words(
    "タスク {total}件 = 完了 {done} + 未完了 {open} + 取り下げ {withdrawn}",
    "{total} tasks = {done} done + {open} open + {withdrawn} withdrawn",
)
SHARED = Words(
    "おひとりの未完了の電話は1件だけ。別の理由は同じタスクに加わります",
    "one open call a person: a further reason joins the same task",
)
DEALS = Words("商談 {total}件 = {parts}", "{total} deals = {parts}")
OTHER_REASONS = Words("その他の理由", "for other reasons")

HEADINGS = (
    Words("1 一覧の取り込み", "1 The lists"),
    Words("2 シナリオ", "2 The scenarios"),
    Words("3 メール", "3 The letters"),
    Words(
        "4 この{days}営業日のふるまい(見本の方々は、真の関心に応じ、決まった種から動きます)",
        "4 What people did in these {days} business days (by their true interest, drawn from a fixed seed)",
    ),
    Words("5 インサイドセールス", "5 Inside sales"),
    Words(
        "6 狙う取引先(最後の4週間: 合意したリスト、プレイ、隔週の見直し)",
        "6 Target accounts (the last four weeks: the list agreed upon, a play, the fortnightly review)",
    ),
)

NO_LIST = Words(
    "当てはまる施設が足りないため、リストはありません(見本を大きくするとできます)",
    "there is no list: too few facilities fit (make the example larger)",
)
STANDING = Words(
    "マーケティングと営業が合意した {total}件 = プレイを始めた施設 {started} + 始めていない施設 {rest}",
    "{total} accounts = {started} at which the play began + {rest} at which it did not",
)
LATER = Words("見直しのあと、さらに {number}件でプレイを始めました", "the review began it at {number} more")
NOT_READY = {
    "play_lacks_role": Words("決裁者がまだ分からない(FSに確認を依頼)", "no decision-maker known: field sales is asked"),
    "play_lacks_approval": Words("手紙の確認が済んでいない", "a letter is not approved"),
    "play_met": Words("面談したばかり(FSが続ける)", "just met: field sales follows up"),
    "play_meeting_ahead": Words("商談の予定がある", "a meeting is agreed"),
    "play_meeting_open": Words("商談の予定がある(日時は未定)", "a meeting is agreed, its date open"),
    "play_meeting_untold": Words("商談の結果の記録がない", "what became of a meeting was not said"),
    "play_lacks_paper": Words("手紙の資料の確認が済んでいない", "a paper that goes with letters is not approved"),
}
NOT_BEGUN = Words("プレイの条件に合わない(商談中、お断りなど)", "not for the play: in a deal, refused and so on")
ACCOUNTS = (
    Words("ティア・施設", "tier, facility"), Words("優先度", "priority"), Words("関心", "intent"),
    Words("反応", "reaction"), Words("テーマ", "theme"),
)  # fmt: skip
"""Columns. Without fit and temperature, which `abm list` shows: in English they would not fit the screen."""
PLAY_LETTERS = Words(
    "プレイのメール {total}通(3のメールのうち) = {parts}", "{total} letters of the play (among those of 3) = {parts}"
)
PLAY_POSTS = Words("郵送の手紙 {total}通 = {parts}", "{total} letters by post = {parts}")
PLAY_TASKS = Words("プレイが頼んだこと {total}件 = {parts}", "{total} things the play asked for = {parts}")
PLAY_ADS = Words(
    "広告のオーディエンス「{name}」に入った施設 {number}件(名簿は外に出していません)",
    "{number} accounts joined the audience {name}; no list left this machine",
)
ASKED = {
    "IS": Words("インサイドセールス", "inside sales"),
    "FS": Words("フィールドセールス", "field sales"),
    "MA": Words("マーケティング", "marketing"),
}
REVIEWED = Words(
    "第{number}回の見直し(終了): {total}件 = {parts}", "review {number}, finished: {total} accounts decided = {parts}"
)
WAITING_REVIEW = Words(
    "第{number}回の見直しは準備ができています(未決定 {open}件)。下のコマンドでお試しください",
    "review {number} is prepared, {open} undecided: try it by the commands below",
)
OF_PLAYS = Words("うち {number}通は、取引先のプレイのメールです(6)", "{number} of them are of the play (6)")

NEXT = Words("次に試すこと", "What to try next")
TRY_WHY = Words(
    "トスアップされた方に起きたことのすべて。理由とYAMLの行つき。機械のクリックは残し、数えません",
    "all that happened to somebody handed over, with reasons and lines of YAML; clicks of machines do not count",
)
TRY_STORY = Words(
    "おひとりに起きたことのすべて。理由とYAMLの行つき。機械のクリックは残し、数えません",
    "all that happened to one person, with reasons and lines of YAML; clicks of machines do not count",
)
TRY_TASKS = Words("いま電話する相手と、その理由", "whom to call now, and why")
TRY_SCORE = Words("点数の内訳。足すと、ちょうど合計になります", "the receipt of a score; it adds up exactly")
TRY_READ = Words(
    "シナリオを文章で。今日入る方の日程つき", "the scenario in sentences, with the days of somebody entering today"
)
TRY_STOPPED = Words("見送ったメールと、その理由", "letters that were not sent, and why")
TRY_LIST = Words("合意したリスト。優先度の理由つき", "the list agreed upon, with what speaks for each account")
TRY_ACCOUNT = Words(
    "1施設のすべて。委員会・関心・優先度の内訳・プレイ・経緯",
    "all of one account: committee, intent, priority with its receipt, plays, history",
)
TRY_PLAY = Words("その施設でプレイが行ったこと", "what the play did there")
TRY_REVIEW = Words("いま準備ができている見直しの案と、その理由", "the review that is prepared: proposals and reasons")
