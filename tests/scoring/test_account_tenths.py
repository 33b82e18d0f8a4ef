"""A facility's points from its people's stored points are what its receipt adds up to."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from hagukumi.journeys.core.values import Share
from models.scoring.accounts import Member, account_receipt, account_tenths
from models.scoring.receipts import Receipt
from models.scoring.rules import AccountRule

shares = st.integers(0, 10_000).map(Share)
rules = st.builds(
    AccountRule, others=shares, unknown_role=shares, ceiling=st.none() | st.integers(0, 200).map(Decimal)
)  # fmt: skip
people = st.lists(st.tuples(st.integers(-50, 2000), st.booleans()), max_size=6)


@given(people, rules)
def test_sums_and_receipts_agree_to_the_tenth(some: list[tuple[int, bool]], rule: AccountRule) -> None:
    members = [Member(number, known, Receipt(tenths, ())) for number, (tenths, known) in enumerate(some)]
    assert account_tenths(some, rule) == account_receipt(members, rule).tenths
