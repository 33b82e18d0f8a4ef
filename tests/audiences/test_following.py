"""Who belongs to an audience, day after day: the list, plays, consents and refusals, on both databases."""

from datetime import timedelta

from sqlalchemy import Engine, delete, insert, update

from hagukumi.programme.audiences import due, follow, look
from models.tables.engine import begin_read, begin_write
from models.tables.schema import audience_wish, journey, opportunity, target
from tests.audiences.market import DAY, NOW, Market, asked, one, rules


def _why(market: Market, *whole: object) -> dict[int, str]:
    follow(market.engine, rules(*whole), asked(market.now))  # type: ignore[arg-type]
    return market.left()


def test_the_list_of_target_accounts_is_an_audience_and_who_leaves_it_leaves(engine: Engine) -> None:
    market = Market(engine)
    ids = market.facilities(14)
    market.agree_on(ids[:12])
    which = one(source="list", active=None)
    (first,) = follow(engine, rules(which), asked())
    assert [each.subject for each in first.difference.added] == ids[:12] and first.on
    assert market.members() == dict.fromkeys(ids[:12], "list")
    with begin_write(engine) as conn:
        conn.execute(update(target).where(target.c.account_id == ids[0]).values(left_at=NOW))
    (second,) = follow(engine, rules(which), asked(NOW + DAY))
    assert second.difference.added == [] and [*second.difference.removed] == [(ids[0], "rule")]
    assert second.difference.kept == 11
    (third,) = follow(engine, rules(which), asked(NOW + DAY))
    assert third.difference == ([], [], 11)


def test_an_audience_of_ten_accounts_is_off_and_says_so_until_it_is_switched_on(engine: Engine) -> None:
    market = Market(engine)
    ids = market.facilities(10)
    (off,) = follow(engine, rules(one(active=None)), asked())
    assert not off.on and market.members() == {}
    (on,) = follow(engine, rules(one(active=True)), asked())
    assert on.on and set(market.members()) == set(ids)
    follow(engine, rules(one(active=False)), asked())
    assert market.members() == {} and set(market.left().values()) == {"off"}


def test_competitors_customers_deals_and_facilities_that_refuse_are_left_out(engine: Engine) -> None:
    market = Market(engine)
    good, rival, named, deal, won, closed, quiet = market.facilities(7)
    market.change("account", rival, domain="mail.rival.example")
    market.change("account", named, name="競合ソフト株式会社")
    with begin_write(engine) as conn:
        rows = [{"key": "d", "account_id": deal, "stage": "open"}, {"key": "w", "account_id": won, "stage": "won"}]
        conn.execute(insert(opportunity), rows)
    for place, channel in ((closed, "visit"), (quiet, "ads")):
        (who,) = market.people(place)
        _refuse_place(market, who, channel)
    which = one()
    follow(engine, rules(which), asked())
    assert market.members() == {good: "all"}
    follow(engine, rules(one(without=())), asked())
    assert set(market.members()) == {good, deal, won}


def _refuse_place(market: Market, who: int, channel: str) -> None:
    from models.tables.schema import person, refusal

    with begin_write(market.engine) as conn:
        place = conn.execute(person.select().where(person.c.id == who)).one().account_id
        row = {"channel": channel, "account_id": place, "cause": "refused", "at": market.now, "source": "test"}
        conn.execute(insert(refusal), row)


def test_of_people_only_those_belong_who_agreed_to_ads(engine: Engine) -> None:
    market = Market(engine)
    (place,) = market.facilities(1)
    (agreed, mail, card, silent) = market.people(place, 4, agreed=False)
    market.agree(agreed)
    market.agree(mail, channel="mail")
    market.agree(card, ground="card")
    follow(engine, rules(one(kind="people")), asked())
    assert set(market.members()) == {agreed}
    with begin_read(engine) as conn:
        assert look(conn, rules(one(kind="people")), asked(), one(kind="people")).difference.kept == 1
    assert silent not in market.members()


def test_whoever_refuses_ads_withdraws_leaves_or_is_erased_is_out_with_the_reason(engine: Engine) -> None:
    market = Market(engine)
    (place, rival) = market.facilities(2)
    ids = market.people(place, 8)
    (spy,) = market.people(rival)
    which = one(kind="people")
    follow(engine, rules(which), asked())
    assert set(market.members()) == {*ids, spy}
    market.refuse(ids[0], "ads")
    market.withdraw(ids[1])
    market.change("person", ids[2], left_company=True)
    market.change("person", ids[3], merged_into=ids[7])
    market.change("person", ids[4], stage="ng", ng_reason="erased", email=None, email_norm=None)
    market.change("person", ids[5], stage="ng", ng_reason="student")
    market.refuse(ids[6], "mail")
    market.change("account", rival, domain="rival.example")
    told = _why(market, which)
    assert told == {
        ids[0]: "refused", ids[1]: "no_consent", ids[2]: "left_company", ids[3]: "merged", ids[4]: "erased",
        ids[5]: "ng", spy: "competitor",
    }  # fmt: skip
    # Who refuses mail refuses mail.
    assert set(market.members()) == {ids[6], ids[7]}


def test_roles_narrow_an_audience_whoever_put_people_in(engine: Engine) -> None:
    market = Market(engine)
    (place,) = market.facilities(1)
    (head,) = market.people(place, role="decision_maker")
    (user,) = market.people(place, role="user")
    running = market.journey(user, place)
    with begin_write(engine) as conn:
        wish = {
            "key": "1",
            "audience": "ours",
            "journey_id": running,
            "person_id": user,
            "account_id": place,
            "at": NOW,
        }
        conn.execute(insert(audience_wish), wish)
    follow(engine, rules(one(kind="people", roles=("decision_maker",))), asked())
    assert set(market.members()) == {head}
    follow(engine, rules(one(kind="people")), asked())
    assert market.members() == {head: "all", user: "play"}


def test_a_refusal_of_a_record_that_was_merged_counts_for_whom_it_was_merged_into(engine: Engine) -> None:
    market = Market(engine)
    (place,) = market.facilities(1)
    old, new = market.people(place, 2)
    market.refuse(old, "ads")
    market.change("person", old, merged_into=new)
    follow(engine, rules(one(kind="people")), asked())
    assert market.members() == {}


def test_steps_put_accounts_and_people_in_as_long_as_their_journeys_run(engine: Engine) -> None:
    market = Market(engine)
    first, second, third = market.facilities(3)
    (person_,) = market.people(first)
    (other,) = market.people(second)
    (silent,) = market.people(third, agreed=False)
    of_person, of_place = market.journey(person_, first), market.journey(None, second)
    of_silent = market.journey(silent, third)
    with begin_write(engine) as conn:
        wishes = [
            {"key": "1", "journey_id": of_person, "person_id": person_, "account_id": first, "until": NOW + 2 * DAY},
            {"key": "2", "journey_id": of_place, "person_id": None, "account_id": second, "until": None},
            {"key": "3", "journey_id": of_silent, "person_id": silent, "account_id": third, "until": None},
        ]
        conn.execute(insert(audience_wish), [{**each, "audience": "ours", "at": NOW} for each in wishes])
    companies, people = one(source="plays"), one(source="plays", kind="people")
    follow(engine, rules(companies), asked())
    assert market.members() == dict.fromkeys((first, second, third), "play")
    with begin_read(engine) as conn:
        found = look(conn, rules(people), asked(), people)
    assert found.size.members == 2
    follow(engine, rules(companies), asked(NOW + 2 * DAY))
    assert set(market.members()) == {second, third}
    with begin_write(engine) as conn:
        conn.execute(update(journey).where(journey.c.id == of_place).values(state="ended", ended_at=NOW))
    follow(engine, rules(companies), asked(NOW + 2 * DAY))
    assert set(market.members()) == {third}
    follow(engine, rules(people), asked(NOW + timedelta(hours=1)))
    assert market.members() == {person_: "play"} and other not in market.members()


def test_what_goes_out_of_the_file_loses_its_members_and_what_turns_to_people_begins_anew(engine: Engine) -> None:
    market = Market(engine)
    ids = market.facilities(3)
    people = market.people(ids[0], 2)
    follow(engine, rules(one()), asked())
    follow(engine, rules(one(kind="people")), asked())
    assert set(market.members()) == set(people)
    assert market.left("ours.1") == dict.fromkeys(ids, "gone")
    follow(engine, rules(), asked())
    assert market.members() == {} and set(market.left().values()) == {"gone"}


def test_it_is_looked_at_once_a_morning_and_at_once_when_somebody_refuses(engine: Engine) -> None:
    market = Market(engine)
    (place,) = market.facilities(1)
    (who, other) = market.people(place, 2)
    which = rules(one(kind="people"))

    def needed(morning: object) -> bool:
        with begin_read(engine) as conn:
            return due(conn, which, morning)  # type: ignore[arg-type]

    assert needed(NOW)
    follow(engine, which, asked())
    assert not needed(NOW) and needed(NOW + DAY)
    market.refuse(who, "ads")
    assert needed(NOW)
    follow(engine, which, asked())
    assert not needed(NOW)
    market.withdraw(other)
    assert needed(NOW)


def test_a_thousand_members_more_or_less_are_written_in_small_batches(engine: Engine) -> None:
    market = Market(engine)
    ids = market.facilities(1_500)
    (first,) = follow(engine, rules(one()), asked())
    assert len(first.difference.added) == 1_500 and set(market.members()) == set(ids)
    with begin_write(engine) as conn:
        from models.tables.schema import account

        conn.execute(delete(account).where(account.c.id > ids[999]))
    (second,) = follow(engine, rules(one()), asked())
    assert len(second.difference.removed) == 500
    assert set(market.members()) == set(ids[:1_000])
