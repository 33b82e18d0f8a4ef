"""What `make demo` says. {names} are filled in by demo/report.py. Imports core.values only."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words

PARTS = {
    "import": Words("一覧を取り込んでいます", "Bringing in the lists"),
    "publish": Words("シナリオを公開しています", "Opening the scenario"),
    "live": Words("仮想の時計で60日間を過ごしています", "Living sixty days on a virtual clock"),
}

TITLE = Words("育み(はぐくみ)の見本: {name}(架空の会社です)", "Hagukumi's example: {name} (fictitious)")
LIVED = Words(
    "仮想の時計で {start} から {end} まで。かかった時間は{seconds}秒です。",
    "From {start} to {end} on a virtual clock; it took {seconds} s.",
)

LISTS = {
    "optouts": Words("旧ツールの配信停止", "former opt-outs"),
    "people": Words("見込み客", "people"),
    "activities": Words("これまでの反応", "earlier reactions"),
}
ROWS = Words(
    "{read}行 = 新規 {created} + 更新 {updated} + 変更なし {unchanged} + 取り込めず {rejected}",
    "{read} rows = {created} new + {updated} updated + {unchanged} unchanged + {rejected} rejected",
)
REJECTS = Words("取り込めなかった行と理由は {files}", "rejected rows and why: {files}")
DOUBTFUL = Words(
    "取り込んだうえで、人が確かめたいところが {number}件(似た社名、個人用アドレスの決裁者など)",
    "taken in, but somebody should look at {number} (names alike, a decision-maker's private address)",
)

PEOPLE = Words(
    "登録 {people}名 = 入った方 {entered} + 対象外 {out}", "{people} people = {entered} entered + {out} kept out"
)
JOURNEYS = Words(
    "入った {journeys}名 = 途中 {inside} + 終了 {ended}", "{journeys} entered = {inside} on their way + {ended} ended"
)
SET_ASIDE = Words(" + 問題が起きて停止 {number}", " + {number} set aside after a failure")

LETTERS = Words("用意した {total}通 = {parts}", "{total} written = {parts}")
DELAYED = Words(
    "送信済みのうち {number}通は、時間帯・通数の上限・営業の対応中のため、待ってから送りました",
    "{number} of those sent had waited: sending hours, caps, an open task of inside sales",
)
OUTBOX = Words(
    "{folder} にあります(Maildir。外には1通も出ていません)",
    "they lie in {folder} (a Maildir; nothing left this machine)",
)

REACTIONS = {
    "opened": Words("開封", "opens"),
    "clicked": Words("クリック", "clicks"),
    "downloaded": Words("資料のダウンロード", "downloads"),
    "visited": Words("ページの閲覧", "page views"),
    "submitted": Words("フォームの送信", "forms"),
    "attended": Words("セミナーの参加", "webinars"),
    "replied": Words("返信", "replies"),
    "refused": Words("配信停止・お断り", "refusals"),
    "called": Words("電話", "calls"),
}
BY_MACHINES = Words(
    "ほかに機械によるもの {number}(記録しますが、数えません)", "{number} more by machines: kept, not counted"
)
WITH_UNANSWERED = Words("不在も含みます", "unanswered ones included")

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
OTHER_REASONS = Words("その他の理由", "for other reasons")

HEADINGS = (
    Words("1 一覧の取り込み", "1 The lists"),
    Words("2 シナリオ「{title}」", "2 The scenario “{title}”"),
    Words("3 メール", "3 The letters"),
    Words("4 反応(見本の方々は、決まった種の乱数で反応します)", "4 What people did (drawn from a fixed seed)"),
    Words("5 インサイドセールス", "5 Inside sales"),
)

NEXT = Words("次に試すこと", "What to try next")
TRY_WHY = Words(
    "トスアップされた方に起きたことのすべて。各ステップの理由と、もとになったYAMLの行",
    "everything that happened to somebody handed over, with the reason and the line of YAML behind each step",
)
TRY_TASKS = Words("いま電話する相手と、その理由", "whom to call now, and why")
TRY_SCORE = Words("点数の内訳。足すと、ちょうど合計になります", "the receipt of a score; it adds up exactly")
TRY_READ = Words(
    "シナリオを文章で。今日入る方の日程つき", "the scenario in sentences, with the days of somebody entering today"
)
TRY_MACHINE = Words(
    "メール検査プログラムが全リンクを押した方。クリックは残し、点数には入れません",
    "somebody whose mail gateway clicked every link: kept in the story, not in the score",
)
TRY_STOPPED = Words("見送ったメールと、その理由", "letters that were not sent, and why")
