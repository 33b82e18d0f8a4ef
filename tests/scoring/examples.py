"""Rules, people and hypothesis strategies that the scoring tests share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from hagukumi.journeys.core.facts import Activity
from hagukumi.journeys.core.values import Bounds, Span, SpanUnit, Words
from hagukumi.journeys.steps.conditions import Number, OneOf
from models.scoring.rules import ActivityKind, AttributeRule, BehaviourRule, JumpRule, PointRules

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
"""A Friday, noon in Japan."""
KINDS: tuple[ActivityKind, ...] = ("clicked", "downloaded", "visited", "refused")
DECIDER = {"role": "decision_maker", "beds": 300}


def days(number: int) -> Span:
    """Calendar days."""
    return Span(number, SpanUnit.DAYS)


def behaviour(
    kind: ActivityKind, points: str, half_life: int | None = 14, cap: str | None = None, **more: Any
) -> BehaviourRule:
    """A rule named after its kind."""
    return BehaviourRule(
        id=more.pop("id", kind),
        kind=kind,
        points=Decimal(points),
        half_life=None if half_life is None else days(half_life),
        cap=None if cap is None else Decimal(cap),
        because=more.pop("because", Words(f"{{content}}で{kind}", f"{kind} {{content}}")),
        **more,
    )


def rules(*behaviours: BehaviourRule, **more: Any) -> PointRules:
    """Behaviour rules with neither floor nor ceiling unless given."""
    return PointRules(behaviour=behaviours, **{"floor": None, **more})


DECISION_MAKER = AttributeRule(
    id="decider",
    when=OneOf("role", frozenset({"decision_maker"})),
    points=Decimal(15),
    because=Words("決裁者", "Decides on purchases"),
)
LARGE = AttributeRule(
    id="large", when=Number("beds", Bounds(Decimal(100))), points=Decimal(5), because=Words("100床以上", "100+ beds")
)

JUMP = JumpRule(rise=Decimal(25), line=Decimal(60))
PRACTICE = rules(
    behaviour("downloaded", "10", 21, "30", because=Words("資料{content}をダウンロード", "Downloaded {content}")),
    behaviour("clicked", "5", 14, "20", because=Words("メールのリンク{content}をクリック", "Clicked {content}")),
    behaviour("submitted", "20", 30, because=Words("問い合わせ", "Sent a form")),
    behaviour("refused", "-50", 180, because=Words("連絡をお断り", "Refused")),
    attributes=(DECISION_MAKER, LARGE),
    floor=Decimal(0),
    lines=(Decimal(30), Decimal(60)),
    jump=JUMP,
)


def did(kind: str, ago: timedelta = timedelta(0), number: int = 1, **more: Any) -> Activity:
    """Something done `ago` before NOW that counted at once."""
    at = NOW - ago
    return Activity(number, kind, at, more.pop("counts_at", at), **more)


_tenths = st.integers(-300, 300).map(lambda tenths: str(Decimal(tenths) / 10))
_caps = st.none() | st.integers(1, 400).map(lambda tenths: str(Decimal(tenths) / 10))


def some_rules(longest_half_life: int = 60) -> st.SearchStrategy[PointRules]:
    """One rule a kind and a narrower one, points of either sign, caps of rules and kinds, floor, ceiling."""
    half_lives = st.none() | st.integers(1, longest_half_life)
    narrow = st.builds(
        behaviour, st.just("visited"), _tenths, half_lives, _caps, id=st.just("price"), content=st.just(("price",))
    )
    each = [narrow, *(st.builds(behaviour, st.just(kind), _tenths, half_lives, _caps) for kind in KINDS)]
    of_kinds = st.none() | st.dictionaries(st.sampled_from(KINDS), st.integers(1, 300).map(lambda n: Decimal(n) / 10))
    return st.builds(
        lambda group, attributes, floor, ceiling, caps: rules(
            *group, attributes=attributes, floor=floor, ceiling=ceiling, caps=caps
        ),
        st.tuples(*each),
        st.sampled_from([(), (DECISION_MAKER,), (DECISION_MAKER, LARGE)]),
        st.sampled_from([None, Decimal(0)]),
        st.sampled_from([None, Decimal(40)]),
        of_kinds,
    )


def some_activities(back: timedelta = timedelta(days=90), most: int = 8) -> st.SearchStrategy[list[Activity]]:
    """Activities up to `back` before NOW, some known late, some only after NOW."""
    seconds = int(back.total_seconds())
    return st.lists(
        st.tuples(
            st.sampled_from((*KINDS, "opened")),
            st.integers(-seconds, seconds // 20),
            st.sampled_from([0, 0, 60, 86_400]),
            st.integers(0, 999_999),
            st.sampled_from([None, "price", "case"]),
        ),
        max_size=most,
    ).map(
        lambda drawn: [
            Activity(number, kind, at, at + timedelta(seconds=late), content)
            for number, (kind, offset, late, micro, content) in enumerate(drawn, 1)
            for at in [NOW + timedelta(seconds=offset, microseconds=micro)]
        ]
    )
