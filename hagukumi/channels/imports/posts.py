"""Which role the rules give people at their accounts, and who is judged anew when deals change. Start with `Posts`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from hagukumi.channels.imports.context import Context
from hagukumi.pipeline.roles import Post, RoleRule, asks_amount, expected_amount, first_fitting, rules_naming
from models.tables.arrivals import Arrival
from models.tables.bulk import update_many, where_in
from models.tables.deals import deal_amounts
from models.tables.schema.companies import account
from models.tables.schema.people import person

MOST_TITLES = 10_000
"""Titles whose rules are kept at hand."""
_OF_PLACE = ("kind", "owner_type", "beds", "headcount")


class Posts:
    """The rules of roles.yaml in one import run; with what deals come to, where a rule asks for it."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._titles: dict[str, tuple[RoleRule, ...]] = {}
        self._amounts: dict[int, int] = {}
        self.by_amount = context.roles is not None and asks_amount(context.roles)

    def learn(self, conn: Connection, accounts: Collection[int]) -> None:
        """Reads the deals of these accounts."""
        if self.by_amount and accounts:
            self._amounts = deal_amounts(conn, accounts)

    def role_at(self, title: str | None, number: int, at: Mapping[str, Any]) -> str | None:
        """The role of somebody with this title at an account of this id (0: none) with these attributes."""
        rules = self.context.roles
        if not title or rules is None:
            return None
        known = {name: at.get(name) for name in _OF_PLACE}
        amount = self._amounts.get(number)
        if amount is None and self.by_amount:
            amount = expected_amount(rules, known["kind"], known["beds"], known["headcount"])
        named = self._titles.get(title)
        if named is None:
            if len(self._titles) > MOST_TITLES:
                self._titles.clear()
            named = self._titles[title] = rules_naming(rules, title)
        rule = first_fitting(named, Post(title=title, amount=amount, **known))
        return rule.role if rule is not None else None

    def judge_again(self, conn: Connection, accounts: Collection[int], before: int | None = None) -> None:
        """People of accounts whose deals have changed; those above the id `before` came just now and hear nothing."""
        if not self.by_amount or not accounts:
            return
        self.learn(conn, accounts)
        p, a = person.c, account.c
        columns = (p.id, p.account_id, p.title, p.role, *(a[name] for name in _OF_PLACE))
        mine = (where_in(p.account_id, sorted(accounts)), or_(p.role_source.is_(None), p.role_source == "rules"))
        query = select(*columns).join_from(person, account, p.account_id == a.id).where(*mine).order_by(p.id)
        now, arrivals, roles = self.context.now, list[Arrival](), list[tuple[int, str, str, datetime]]()
        for row in conn.execute(query):
            new = self.role_at(row.title, row.account_id, row._asdict())
            if new is None or new == row.role:
                continue
            roles.append((row.id, new, "rules", now))
            if before is None or row.id <= before:
                detail = {"attribute": "role", "old": row.role}
                arrivals.append(Arrival(row.id, row.account_id, "changed", now, now, detail=detail))
        update_many(conn, person, ("id",), ("role", "role_source", "changed_at"), roles)
        self.context.tell(conn, arrivals)
