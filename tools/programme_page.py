"""What the lived companies come to, as figures and as the part of docs/programme.md between its marks.

Start with `figures_of` and `with_figures`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from hagukumi.journeys.core.values import Words

BEGIN, END = "<!-- figures -->\n", "<!-- /figures -->\n"
WANTED = 2.0
"""How many times better the fifty agreed should be than the fifty that fit best."""
DRAWS, MONTH = 10_000, 4


class Week(NamedTuple):
    """One week's beginning: accounts that may stand, those of them that really buy, and how many the fifty hold.

    listed: of the accounts agreed; by_fit: of as many that fit best.
    """

    day: int
    possible: int
    buying: int
    listed: int
    by_fit: int


class Life(NamedTuple):
    """What half a year of one company came to.

    looked: instants at which the list was counted, wrong: those with another number than agreed. unreasoned: accounts
    that came or went without a name and a reason. back: accounts that left and came again, too_often: those that did
    so more often than their truth. came: how many came by agreement, renewal, gap and swap. size: accounts agreed.
    """

    seed: str
    size: int
    weeks: Sequence[Week]
    looked: int
    wrong: int
    changes: int
    unreasoned: int
    back: int
    too_often: int
    came: Mapping[str, int]
    signals: int
    rejected: int


def figures_of(lives: Sequence[Life], people: int, accounts: int) -> dict[str, Any]:
    """What the companies come to together. Shares are means over weeks, then companies; intervals are over companies.

    ratio: of the share of the accounts agreed to that of those that fit best. chance: of all that may stand.
    most: what a list that knows the truth would reach.
    """
    size = lives[0].size
    shares = np.array(
        [
            [
                np.mean([week.listed / size for week in life.weeks]),
                np.mean([week.by_fit / size for week in life.weeks]),
                np.mean([week.buying / week.possible for week in life.weeks]),
                np.mean([min(week.buying / size, 1) for week in life.weeks]),
            ]
            for life in lives
        ]
    )
    drawn = shares[np.random.default_rng(0).integers(0, len(lives), (DRAWS, len(lives)))].mean(axis=1)
    means = shares.mean(axis=0)
    return {
        "people": people,
        "accounts": accounts,
        "size": size,
        "weeks": len(lives[0].weeks),
        "listed": _interval(means[0], drawn[:, 0]),
        "by_fit": _interval(means[1], drawn[:, 1]),
        "ratio": _interval(means[0] / means[1], drawn[:, 0] / drawn[:, 1]),
        "chance": round(float(means[2]), 4),
        "most": round(float(means[3]), 4),
        "months": _months(lives, size),
        "lives": [_life(life, one) for life, one in zip(lives, shares.tolist(), strict=True)],
    }


def _life(life: Life, shares: Sequence[float]) -> dict[str, Any]:
    told = {name: value for name, value in life._asdict().items() if name not in ("weeks", "size")}
    return told | {"listed": round(shares[0], 4), "by_fit": round(shares[1], 4), "came": dict(life.came)}


def _months(lives: Sequence[Life], size: int) -> list[list[float]]:
    """For every four weeks the shares of the accounts agreed, and of those that fit best."""
    found = []
    for first in range(0, len(lives[0].weeks), MONTH):
        weeks = [week for life in lives for week in life.weeks[first : first + MONTH]]
        pair = (np.mean([week.listed for week in weeks]), np.mean([week.by_fit for week in weeks]))
        found.append([round(float(each) / size, 4) for each in pair])
    return found


def _interval(value: float, drawn: Any) -> list[float]:
    low, high = np.quantile(drawn, [0.025, 0.975]).tolist()
    return [round(float(each), 4) for each in (value, low, high)]


def with_figures(page: str, told: Mapping[str, Any], lang: str) -> str:
    """A page with its figures as they should be."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + "\n" + table(told, lang) + "\n" + END + rest.partition(END)[2]


_INTRO = Words(
    "シード {first}〜{last}: {people:,}名・{accounts:,}施設の会社を{companies}社、{weeks}週。"
    "各週の初めに数え、週と会社で平均しました。かっこ内は会社の間の95%区間です。",
    "Seeds {first} to {last}: {companies} companies of {people:,} people and {accounts:,} facilities, {weeks} weeks. "
    "Counted at the beginning of each week, means over weeks and companies; in parentheses 95 % intervals over "
    "companies.",
)
_SHARES = (
    ("listed", Words("合意した{size}件のうち、本当に検討中の施設", "of the {size} agreed, really buying")),
    ("by_fit", Words("当てはまりだけで選んだ{size}件では", "of the {size} that fit best")),
    ("chance", Words("載せられる施設全体では", "of all that may stand on the list")),
    ("most", Words("真値を知っていたら", "of a list that knows the truth")),
)
_HEADS = {
    "ja": "| シード | 合意した施設 | 当てはまりだけ | 比 | {size}件でなかった時点 | 変更(理由なし) "
    "| 戻った施設(真値より多い) |",
    "en": "| Seed | Agreed | By fit alone | Ratio | Instants without {size} | Changes (unreasoned) "
    "| Came back (more often than their truth) |",
}
_HELD = Words(
    "- {size}件: 最初の合意のあと、調べた{looked:,}時点のうち、{size}件でなかったのは{wrong}時点。",
    "- {size} at every moment: of {looked:,} instants looked at after the first agreement, {wrong} had another number.",
)
_REASONED = Words(
    "- 理由: {changes:,}件の出入りのうち、名前と理由のないものは{unreasoned}件。",
    "- Every change with its reason: of {changes:,} accounts that came or went, {unreasoned} had no name and reason.",
)
_BACK = Words(
    "- 出入りの繰り返し: いったん外れて戻った施設は{back}件。そのうち、真値より多く出入りしたのは{too_often}件。",
    "- In-out-in: {back} accounts left and came again, {too_often} of them more often than their truth.",
)
_MET = Words(
    "- 的中: 当てはまりだけの{ratio:.2f}倍({low:.2f}〜{high:.2f})。目標の{wanted:g}倍以上に{verdict}。",
    "- Precision: {ratio:.2f} times that of fit alone ({low:.2f} to {high:.2f}); wanted {wanted:g}: {verdict}.",
)
_ALONE = Words(
    "- 会社ごとに見ると、{companies}社のうち{met}社が{wanted:g}倍以上です。当てはまりだけの割合は、高い会社で"
    "{most:.0%}になります。もとが高いほど、倍にする余地は小さくなります。",
    "- Company by company, {met} of {companies} reach {wanted:g}. By fit alone the highest comes to {most:.0%}: the "
    "more that is, the less room is left to double it.",
)
_VERDICTS = {
    "met": Words("達し、区間の下の端も上回っています", "met, with the whole interval above it"),
    "likely": Words("達しましたが、区間の下の端は届いていません", "met, but not by the whole interval"),
    "missed": Words("届いていません", "missed"),
}


def table(told: Mapping[str, Any], lang: str) -> str:
    """The page's figures, and what they mean in sentences."""
    lives, size = told["lives"], told["size"]
    seeds = {"first": lives[0]["seed"], "last": lives[-1]["seed"], "companies": len(lives)}
    lines = [_INTRO.say(lang).format(**told, **seeds), ""]
    sums = {name: sum(life[name] for life in lives) for name in ("looked", "wrong", "changes", "unreasoned", "back")}
    sums["too_often"] = sum(life["too_often"] for life in lives)
    lines += [each.say(lang).format(size=size, **sums) for each in (_HELD, _REASONED, _BACK)]
    ratio, low, high = told["ratio"]
    verdict = _VERDICTS["met" if low >= WANTED else "likely" if ratio >= WANTED else "missed"].say(lang)
    lines += [_MET.say(lang).format(ratio=ratio, low=low, high=high, wanted=WANTED, verdict=verdict)]
    lines += [_alone(lives, lang), ""]
    lines += [f"| {Words('本当に検討中の割合', 'Share that is really buying').say(lang)} | |", "| --- | ---: |"]
    lines += [f"| {said.say(lang).format(size=size)} | {_share(told[name])} |" for name, said in _SHARES]
    lines += ["", *_by_month(told, lang), "", _HEADS[lang].format(size=size), "| --- " + "| ---: " * 6 + "|"]
    lines += [_row(life) for life in lives]
    return "\n".join([*lines, ""])


def _alone(lives: Sequence[Mapping[str, Any]], lang: str) -> str:
    met = sum(life["listed"] >= WANTED * life["by_fit"] for life in lives)
    most = max(life["by_fit"] for life in lives)
    return _ALONE.say(lang).format(companies=len(lives), met=met, wanted=WANTED, most=most)


def _share(found: float | Sequence[float]) -> str:
    if isinstance(found, float):
        return f"{found:.1%}"
    return f"{found[0]:.1%} ({found[1]:.1%}–{found[2]:.1%})"


def _by_month(told: Mapping[str, Any], lang: str) -> list[str]:
    """Month by month, for the list begins knowing little."""
    spans = [f"{first * MONTH + 1}–{min((first + 1) * MONTH, told['weeks'])}" for first in range(len(told["months"]))]
    head = Words("週", "Weeks").say(lang)
    rows = (Words("合意した施設", "agreed"), Words("当てはまりだけ", "by fit alone"))
    return [
        f"| {head} | " + " | ".join(spans) + " |",
        "| --- " + "| ---: " * len(spans) + "|",
        *(
            f"| {rows[place].say(lang)} | " + " | ".join(f"{month[place]:.0%}" for month in told["months"]) + " |"
            for place in range(2)
        ),
    ]


def _row(life: Mapping[str, Any]) -> str:
    return (
        f"| {life['seed']} | {life['listed']:.1%} | {life['by_fit']:.1%} | {life['listed'] / life['by_fit']:.2f} "
        f"| {life['wrong']} | {life['changes']} ({life['unreasoned']}) | {life['back']} ({life['too_often']}) |"
    )
