"""What is said of intent: temperatures, stages of buying, what is wrong in intent.yaml. Pure data."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words

TEMPERATURES = {
    "rising": Words("上昇", "rising"),
    "steady": Words("横ばい", "steady"),
    "cooling": Words("下降", "cooling"),
    "quiet": Words("反応なし", "quiet"),
}

STAGES = {
    "認知": Words("認知", "awareness"),
    "検討": Words("検討", "consideration"),
    "比較": Words("比較", "comparison"),
    "導入": Words("導入", "adoption"),
}

FAULTS = {
    "same_id": (
        Words("「{0}」という名前が二つあります", "two sources are called {0}"),
        Words("名前を変えてください", "give one another name"),
    ),
    "weight": (
        Words(
            "「{0}」の点数({1})は、0より大きく、上限({2})以下にします。どちらも0.1点きざみです",
            "the weight of {0} ({1}) must be above 0 and at most its cap ({2}), both in steps of 0.1",
        ),
        Words("weight か cap を直してください", "change weight or cap"),
    ),
    "half_life": (
        Words("「{0}」の半減期は、1日以上の日数で書きます", "the half-life of {0} is a number of days, at least one"),
        Words("14日 のように書いてください", "write it like 14 days"),
    ),
    "no_kinds": (
        Words("「{0}」に行動の種類がありません", "{0} counts no kind of activity"),
        Words("kinds に一つ以上書いてください", "name at least one under kinds"),
    ),
    "line": (
        Words("急上昇の点数は1〜100です(いまは{0})", "the line of a surge is 1 to 100, not {0}"),
        Words("60 のように書いてください", "write it like 60"),
    ),
    "weeks": (
        Words("週数は1〜{1}です(いまは{0})", "weeks are 1 to {1}, not {0}"),
        Words("3 や 12 のように書いてください", "write it like 3 or 12"),
    ),
    "history": (
        Words(
            "recent と before は、足して{1}週までです(いまは{0}週)。それより前は見ません",
            "recent and before add up to {0} weeks, but no more than {1} are looked back upon",
        ),
        Words("recent: 3、before: 12 のように書いてください", "write them like recent: 3, before: 12"),
    ),
    "theme": (
        Words("テーマ「{0}」は content.yaml にありません", "there is no theme {0} in content.yaml"),
        Words("content.yaml の themes にある名前にしてください", "use a name that stands under themes there"),
    ),
    "word_twice": (
        Words("「{0}」は空か、テーマ「{1}」にもあります", "“{0}” is empty, or stands under the theme {1} as well"),
        Words("一つのテーマだけに書いてください", "write it under one theme only"),
    ),
    "percent": (
        Words(
            "温度の割合は、下降が100%未満、上昇が100%より上です",
            "cooling must be below 100 per cent and rising above it",
        ),
        Words("cooling: 70、rising: 130 のように書いてください", "write them like cooling: 70, rising: 130"),
    ),
    "least": (
        Words("段階と認める点数は、0より大きくします(いまは{0})", "points that make a stage are above 0, not {0}"),
        Words("at_least: 3 のように書いてください", "write it like at_least: 3"),
    ),
    "within": (
        Words("証拠を見る期間は、1日以上の日数で書きます", "evidence is looked at for a number of days, at least one"),
        Words("90日 のように書いてください", "write it like 90 days"),
    ),
    "ceiling": (
        Words("関心の点数の上限は、1以上です(いまは{0})", "the ceiling of intent is 1 or more, not {0}"),
        Words("ceiling: 100 のように書いてください", "write it like ceiling: 100"),
    ),
}
"""What is wrong with intent.yaml: (what, what to do)."""

REFUSALS = {
    "intent-faulty": Words(
        "intent.yaml に誤りがあります。「hagukumi check scenarios/rules/intent.yaml」で場所と直し方をご確認ください。",
        "intent.yaml has errors. Run `hagukumi check scenarios/rules/intent.yaml` to see where, and what to do.",
    ),
    "intent-company": Words(
        "{0} という番号の会社はありません。「hagukumi abm companies」で番号をご確認ください。",
        "There is no company {0}. See `hagukumi abm companies` for their numbers.",
    ),
    "intent-company-said": Words(
        "{0}番は、すでに決まっています: {1}。決め直すときは理由(--why)を書いてください。何も変えていません。",
        "Of company {0} somebody has spoken already: {1}. To say otherwise give a reason (--why). Nothing was changed.",
    ),
    "intent-company-nameless": Words(
        "{0}番は名前が分からないため、施設として登録できません。施設の一覧を取り込み、--is で指定してください。",
        "Company {0} has no name to make a facility of. Import the facility, then say --is.",
    ),
    "intent-company-there": Words(
        "同じ施設が登録されています: {0}({1})。その施設でしたら、--is で指定してください。"
        "別の施設でしたら、管理番号か医療機関コードを付けて「hagukumi import accounts」で取り込んでください。",
        "There is such a facility: {0} ({1}). If it is the one, say --is. If it is another, bring it in by "
        "`hagukumi import accounts`, with a key or code of its own.",
    ),
    "intent-week": Words(
        "「{0}」は日付として読み取れないか、これから先の日、または1900年より前の日です。"
        "2026-04-20 のように書いてください。",
        "{0} is no date, lies in the future, or before 1900. Write it like 2026-04-20.",
    ),
}
