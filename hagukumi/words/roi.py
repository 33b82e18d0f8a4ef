"""What is wrong in roi.yaml, and what to do. Pure data; {0} stands for the first argument."""

from __future__ import annotations

from hagukumi.journeys.core.values import Words

FAULTS = {
    "same_id": (
        Words(
            "「{0}」という名前は、ほかでも使われているか、計算式に書けない名前です",
            "{0} is used twice, or is no name for a formula",
        ),
        Words("英字で始まる、別の名前にしてください", "give it a name of its own that begins with a letter"),
    ),
    "value": (
        Words(
            "前提「{0}」には、value か tiers のどちらか一つを書きます",
            "the assumption {0} has either a value or tiers",
        ),
        Words("どちらか一つだけを残してください", "keep one of them"),
    ),
    "tiers": (
        Words("前提「{0}」の tiers は、小さい規模から順に並べます", "the tiers of {0} stand in rising order of size"),
        Words("up_to の小さい順に並べ替えてください", "sort them by up_to"),
    ),
    "source": (
        Words("前提「{0}」に出どころ(source)がありません", "the assumption {0} has no source"),
        Words(
            "出どころを書くか、basis を agree(ご相談のうえ決める仮の数字)にしてください",
            "name the source, or make its basis agree: a figure to be agreed with the account",
        ),
    ),
    "formula": (
        Words("計算式「{0}」を読み取れません", "the formula {0} cannot be read"),
        Words("名前と数字、+ - * / とかっこだけで書いてください", "write it with names, numbers, + - * / and brackets"),
    ),
    "unknown_name": (
        Words("計算式の「{0}」は、前提にも、上の行にもありません", "{0} is neither an assumption nor a line above"),
        Words("前提に加えるか、名前を直してください", "add it to the assumptions, or correct the name"),
    ),
    "short_tiers": (
        Words(
            "前提「{0}」の値は{1}までですが、{2}まで計算することになっています",
            "{0} ends at {1}, but sizes go up to {2}",
        ),
        Words("at_most を小さくするか、tiers を加えてください", "lower at_most, or add a tier"),
    ),
    "result": (
        Words("結論の行「{0}」がありません", "there is no line {0} to be the result"),
        Words("lines にある id を書いてください", "give the id of one of its lines"),
    ),
    "vary": (
        Words("変えてみる前提「{0}」は、この計算で使われていません", "{0} is no assumption of this calculation"),
        Words("計算式で使っている前提の id を書いてください", "give the id of an assumption that its formulas use"),
    ),
    "sizes": (
        Words("規模は{0}から{1}までの範囲にします", "sizes lie between {0} and {1}"),
        Words("at_least、at_most、examples を見直してください", "look at at_least, at_most and examples"),
    ),
    "step": (
        Words("「{0}」の丸める単位(step)は、0より大きくします", "the step of {0} is above 0"),
        Words("1 や 0.1 のように書いてください", "write 1 or 0.1"),
    ),
    "kind": (
        Words("「{0}」という施設の種類はありません(あるもの: {1})", "there is no kind of facility {0}; there are {1}"),
        Words("あるものから選んでください", "choose one of them"),
    ),
    "theme": (
        Words("テーマ「{0}」は content.yaml にありません", "there is no theme {0} in content.yaml"),
        Words("content.yaml の themes に加えるか、名前を直してください", "add it to its themes, or correct the name"),
    ),
    "percent": (
        Words("行「{0}」の単位に % は使えません", "a line ({0}) is not given in per cent"),
        Words(
            "割合は前提に書き、行は名・時間・円などにしてください",
            "keep shares in assumptions, and give people, hours or yen",
        ),
    ),
    "ideal_kind": (
        Words(
            "icp.yaml では「{0}」も狙う施設ですが、テーマ「{1}」の計算がなく、その資料に試算は載りません",
            "{0}: icp.yaml aims at them as well, but there is no calculation for {1}; their papers go without a return",
        ),
        Words("returns に計算を加えてください", "add one to returns"),
    ),
    "ideal_size": (
        Words(
            "icp.yaml では規模{1}〜{2}の「{0}」が満点ですが、この計算の範囲の外にあり、その資料に試算は載りません",
            "{0} of size {1} to {2}: full points in icp.yaml, but outside this calculation; "
            "their papers go without a return",
        ),
        Words(
            "その規模でも成り立つ根拠を holds に書き、tiers と at_least・at_most を広げてください",
            "say under holds why it holds there as well, and widen its tiers with at_least and at_most",
        ),
    ),
}
