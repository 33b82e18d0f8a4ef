"""Lists of signals come in whole or not at all, count once, and leave to a person what is not sure."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import Engine, delete, func, select, update

from hagukumi.channels.imports.companies import decide, open_companies
from hagukumi.channels.imports.founding import found
from hagukumi.channels.imports.sums import settle
from hagukumi.pipeline.ng import NgRules
from hagukumi.words.refusal import NotDone
from models.tables.engine import begin_read, begin_write
from models.tables.schema import (
    account,
    activity,
    intent_company,
    intent_file,
    intent_period,
    intent_settled,
    intent_signal,
    intent_topic,
    intent_week,
)
from tests.abm.market import KEYWORDS, NOW, SURGES, Market, corporate, shipped_rules
from tests.rows import rows_of

NUMBER = corporate("123456789012")
MONDAY = date(2026, 4, 27)
ROW = "2026-04-28,青葉台記念病院,,,東京都,電子カルテ 比較,3\n"
OWN = "kind: intent\nsource: {}\ncolumns: {{name: account.name, topic: topic, {}}}\n"


@pytest.fixture
def market(engine: Engine, tmp_path: Path) -> Market:
    """Three facilities, two of them of one legal entity."""
    made = Market(engine, tmp_path)
    entity = {"entity": "医療法人社団青葉会", "number": NUMBER}
    made.facility("F1", "青葉台記念病院", domain="aoba.example", prefecture="東京都", facility_code="1310001", **entity)
    made.facility("F2", "若葉丘総合病院", prefecture="大阪府")
    made.facility("F3", "株式会社楓商事")
    return made


def _stored(market: Market) -> tuple[int, int]:
    """How many signals and files the tables hold."""
    with begin_read(market.engine) as conn:
        signals, files = (conn.scalar(select(func.count()).select_from(t)) for t in (intent_signal, intent_file))
    return signals or 0, files or 0


def test_a_keyword_list_in_cp932_counts_for_the_facilities_it_names(market: Market) -> None:
    text = KEYWORDS + ROW + f"2026/4/29,医療法人社団青葉会,{NUMBER},,,レセプト 返戻,2回\n"
    text += "2026年4月30日,,,aoba.example,,看護記録,1\n"
    report = market.bring(text.encode("cp932"))
    assert (report.read, report.signals, report.rejected, report.accounts) == (3, 3, 0, 1)
    assert market.sums() == {
        ("F1", "overtime", "keyword", MONDAY): 80,
        ("F1", "unpaid-claims", "keyword", MONDAY): 40,
    }


def test_a_name_written_in_another_way_is_the_facility_and_namesakes_are_nobody(market: Market) -> None:
    market.facility("F4", "緑ヶ浜リハビリ病院", prefecture="千葉県")
    for key, where in (("F5", "東京都"), ("F6", "大阪府")):
        market.facility(key, "瑪瑙ヶ梢総合病院" if key == "F5" else "瑪瑙ケ梢総合病院", prefecture=where)
    market.bring(KEYWORDS + "".join(ROW.replace("青葉台記念病院", name).replace("東京都", "") for name in (
        "緑ケ浜リハビリ病院", "瑪瑙ケ梢総合病院",
    )))  # fmt: skip
    assert {key for key, *_ in market.sums()} == {"F4"}
    with begin_read(market.engine) as conn:
        (waiting,) = open_companies(conn)
    assert (waiting.name, waiting.state) == ("瑪瑙ケ梢総合病院", "doubtful")


def test_a_plain_name_is_the_facility_that_stands_there_with_its_branch_or_brackets(market: Market) -> None:
    market.facility("F4", "株式会社みどり物産(東京支店)")
    market.facility("F5", "桜坂記念病院（本院）", prefecture="千葉県")
    for key, town in (("F6", "札幌"), ("F7", "福岡")):
        market.facility(key, f"株式会社梓商事　{town}支店")
    market.facility("F8", "社会福祉法人恩賜財団済生会楓ヶ丘病院", prefecture="東京都")
    plain = "株式会社みどり物産", "桜坂記念病院", "㈱梓商事"
    rows = "".join(ROW.replace("青葉台記念病院", name).replace("東京都", "") for name in plain)
    market.bring(KEYWORDS + rows + ROW.replace("青葉台記念病院", "済生会楓ヶ丘病院"))
    assert {key for key, *_ in market.sums()} == {"F4", "F5", "F8"}
    with begin_read(market.engine) as conn:
        (waiting,) = open_companies(conn)
    assert (waiting.name, waiting.state, waiting.why) == (
        "㈱梓商事", "doubtful", (("match_name",), ("match_several_ours",)),
    )  # fmt: skip


def test_an_excel_file_says_the_same(market: Market, tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["account", "topic", "score", "week"])
    book.active.append(["青葉台記念病院", "電子カルテ", 72, datetime(2026, 4, 27)])  # noqa: DTZ001 - as Excel has it
    book.save(tmp_path / "surge.xlsx")
    assert market.bring(tmp_path / "surge.xlsx", "weekly-surge").signals == 1
    assert market.sums() == {("F1", "overtime", "weekly-surge", MONDAY): 108}


def test_the_same_list_twice_counts_once_and_is_told(market: Market) -> None:
    first = market.bring(KEYWORDS + ROW)
    again = market.bring(KEYWORDS + ROW, name="renamed.csv")
    assert (first.signals, again.signals, again.unchanged) == (1, 0, 1)
    assert again.counted_before == NOW
    assert market.sums() == {("F1", "overtime", "keyword", MONDAY): 60}
    assert _stored(market) == (1, 1)


def test_words_as_long_as_each_other_are_told_apart_by_the_order_of_the_file_also_when_that_changes(
    market: Market,
) -> None:
    market.bring(KEYWORDS + ROW.replace("電子カルテ 比較", "看護記録 請求漏れ"))
    assert market.sums() == {("F1", "overtime", "keyword", MONDAY): 60}
    topics = market.rules.topics
    market.rules = replace(market.rules, topics=dict(reversed(list(topics.items()))))
    assert settle(market.engine, market.rules) == 1
    assert market.sums() == {("F1", "unpaid-claims", "keyword", MONDAY): 60}


def test_our_own_history_begins_with_the_earliest_act_whatever_order_acts_came_in(market: Market) -> None:
    for weeks in range(1, 17):
        market.act("F1", "visited", NOW - timedelta(weeks=weeks), "roi-simulation")
    assert market.told("F1").intent.themes[0].surge.score == 50
    assert market.ranked()["F1"].tenths == market.told("F1").intent.tenths


def test_one_old_row_makes_no_history_and_a_list_of_every_week_does(market: Market) -> None:
    rows = "".join(ROW.replace("04-28", f"04-{day}") for day in (20, 22, 28))
    market.bring(KEYWORDS + ROW.replace("2026-04-28", "1999-04-28") + ROW.replace("2026-04-28", "2026-01-07") + rows)
    assert market.told("F1").intent.themes[0].surge == (None, False)
    weekly = [NOW.date() - timedelta(weeks=weeks) for weeks in range(1, 17)]
    market.bring(KEYWORDS + "".join(ROW.replace("2026-04-28", str(day)) for day in weekly), name="weekly.csv")
    assert market.told("F1").intent.themes[0].surge.score is not None


def test_acts_that_nobody_knows_of_yet_are_no_history(market: Market) -> None:
    for weeks in range(16, 0, -1):
        market.act("F1", "visited", NOW - timedelta(weeks=weeks), "roi-simulation")
    with begin_write(market.engine) as conn:
        old = activity.c.occurred_at < NOW - timedelta(weeks=10)
        conn.execute(update(activity).where(old).values(known_at=NOW + timedelta(days=1)))
    assert market.told("F1").intent.themes[0].surge.score is None


@pytest.mark.parametrize("form", ["{0}", "T{0}", "{1}-{2}-{3}", "　{0} "])
def test_a_corporate_number_is_the_same_however_it_was_stored(engine: Engine, tmp_path: Path, form: str) -> None:
    market, stored = Market(engine, tmp_path), form.format(NUMBER, NUMBER[:1], NUMBER[1:5], NUMBER[5:])
    market.facility("F1", "青葉台記念病院", entity="医療法人社団青葉会", number=stored)
    report = market.bring(KEYWORDS + f"2026-04-28,青葉会グループ,{NUMBER},,,看護記録,3\n")
    assert (report.accounts, len(report.companies)) == (1, 0)
    assert market.sums() == {("F1", "overtime", "keyword", MONDAY): 60}


def test_a_counted_list_is_read_anew_in_its_own_place_when_that_is_asked(market: Market) -> None:
    market.bring(KEYWORDS + ROW)
    report = market.bring(KEYWORDS + ROW, again=True)
    assert (report.signals, report.replaced) == (1, [])
    assert market.sums() == {("F1", "overtime", "keyword", MONDAY): 60}
    assert _stored(market)[0] == 1


def test_a_later_list_of_a_week_takes_the_place_of_the_earlier_and_says_so(market: Market) -> None:
    one = "青葉台記念病院,,電子カルテ,72,2026-04-27\n若葉丘総合病院,,残業,65,2026-04-27\n"
    market.bring(SURGES + one, "weekly-surge", "a.csv")
    report = market.bring(SURGES + "青葉台記念病院,,電子カルテ,90,2026-04-28\n", "weekly-surge", "b.csv")
    (replaced,) = report.replaced
    assert (replaced.file_name, replaced.first, replaced.last) == ("a.csv", MONDAY, MONDAY)
    assert market.sums() == {("F1", "overtime", "weekly-surge", MONDAY): 135}
    assert _stored(market)[0] == 1


def test_a_later_list_of_a_day_leaves_the_other_days_alone(market: Market) -> None:
    market.bring(KEYWORDS + ROW + ROW.replace("04-28", "04-29"), name="a.csv")
    report = market.bring(KEYWORDS + ROW.replace("04-28", "04-29").replace(",3\n", ",2\n"), name="b.csv")
    assert [(each.first, each.periods) for each in report.replaced] == [(date(2026, 4, 29), 1)]
    assert market.sums() == {("F1", "overtime", "keyword", MONDAY): 100}


@pytest.mark.parametrize(
    ("row", "code", "value"),
    [
        (ROW.replace("04-28", "05-02"), "import.future", "日付,2026-05-02"),
        (ROW.replace(",3\n", ",0\n"), "import.count", "回数,0"),
        (ROW.replace(",3\n", ",99999999\n"), "import.count", "99999999"),
        (ROW.replace(",3\n", ",多数\n"), "import.number", "多数"),
        (ROW.replace("2026-04-28", ""), "import.required", "日付,"),
        (ROW.replace("2026-04-28", "いつか"), "import.date", "いつか"),
        (ROW.replace("青葉台記念病院", "").replace("東京都", ""), "import.row_no_key", "法人番号, ドメイン, 社名"),
        (ROW.replace("電子カルテ 比較", ""), "import.required", "キーワード,"),
        (ROW, "import.duplicate", ""),
    ],
)
def test_rows_that_cannot_count_are_told_with_their_reason(market: Market, row: str, code: str, value: str) -> None:
    report = market.bring(KEYWORDS + ROW + row)
    assert (report.read, report.signals, report.rejected) == (2, 1, 1)
    assert report.rejects_file is not None
    said = report.rejects_file.read_text("utf-8-sig").splitlines()[1]
    assert code in said and value in said and said.startswith("3,")
    assert sum(market.sums().values()) == 60


@pytest.mark.parametrize("score", ["101", "-1", "１２０点"])
def test_scores_out_of_range_are_rejected(market: Market, score: str) -> None:
    report = market.bring(SURGES + f"青葉台記念病院,,電子カルテ,{score},2026-04-27\n", "weekly-surge")
    assert (report.signals, report.rejected) == (0, 1)
    assert report.rejects_file is not None and "import.score" in report.rejects_file.read_text("utf-8-sig")
    assert _stored(market) == (0, 0)
    assert (
        market.bring(SURGES + f"青葉台記念病院,,電子カルテ,{score},2026-04-27\n", "weekly-surge").counted_before is None
    )


def test_a_score_below_the_line_is_kept_and_does_not_count(market: Market) -> None:
    market.bring(SURGES + "青葉台記念病院,,電子カルテ,59,2026-04-27\n", "weekly-surge")
    assert market.sums() == {}
    market.rules = shipped_rules(("line: 60", "line: 50"))
    assert market.ranked()["F1"].tenths == 89
    assert market.told("F1").intent.tenths == 89


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (KEYWORDS + ROW + '2026-04-28,"青葉台記念', "import.quote_open"),
        (KEYWORDS.encode("cp932") + ROW.encode("cp932")[:-3] + b"\x81", "import.encoding"),
        (b"PK\x03\x04 half a workbook", "import.excel_broken"),
        (b"", "import.file_empty"),
        (KEYWORDS, "import.file_empty"),
        ("日付,社名,回数\n2026-04-28,青葉台記念病院,1\n", "import.column_missing"),
    ],
)
def test_half_a_file_or_another_one_stores_nothing(market: Market, text: str | bytes, code: str) -> None:
    assert code in {each.code for each in market.refused(text)}
    assert _stored(market) == (0, 0)


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        (OWN.format("keywords", "n: count"), "import.source"),
        (OWN.format("weekly-surge", "n: count"), "import.no_score"),
        (OWN.format("keyword", "n: account.beds"), "import.field_unknown"),
        ("kind: people\ncolumns: {name: email}\n", "import.kind"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(market: Market, mapping: str, code: str) -> None:
    assert code in {each.code for each in market.refused("name,topic,n\nx,y,1\n", mapping)}
    assert _stored(market) == (0, 0)


def test_a_list_without_dates_counts_for_the_running_week_or_the_one_named(market: Market) -> None:
    text = "account,topic,score\n青葉台記念病院,電子カルテ,70\n"
    report = market.bring(text, "weekly-surge")
    assert report.running_week == MONDAY
    market.bring(text.replace("70", "80"), "weekly-surge", week=date(2026, 4, 15))
    assert {week: points for (*_, week), points in market.sums().items()} == {MONDAY: 105, date(2026, 4, 13): 120}


UNDATED = "account,topic,score\n青葉台記念病院,電子カルテ,70\n"


def test_one_list_without_dates_may_tell_of_two_weeks_and_each_of_them_once(market: Market) -> None:
    first, second = date(2026, 4, 15), date(2026, 4, 22)
    for week in (first, second):
        assert market.bring(UNDATED, "weekly-surge", week=week).signals == 1
    assert {week: points for (*_, week), points in market.sums().items()} == {
        date(2026, 4, 13): 105,
        date(2026, 4, 20): 105,
    }
    assert market.bring(UNDATED, "weekly-surge", week=first).running_week == date(2026, 4, 13)
    told = market.bring(UNDATED, "weekly-surge")
    assert (told.counted_before, told.running_week) == (NOW, date(2026, 4, 20))
    again = market.bring(UNDATED, "weekly-surge", week=second, again=True)
    assert (again.signals, again.replaced) == (1, [])
    assert len(market.sums()) == 2 and _stored(market)[0] == 2


def test_a_stale_list_without_dates_does_not_count_for_the_next_week_by_itself(market: Market) -> None:
    market.bring(UNDATED, "weekly-surge")
    market.now = NOW + timedelta(days=7)
    assert market.bring(UNDATED, "weekly-surge").counted_before == NOW
    assert market.bring(UNDATED, "weekly-surge", again=True).running_week == MONDAY
    assert [week for (*_, week) in market.sums()] == [MONDAY]


def test_a_list_with_dates_takes_no_week(market: Market) -> None:
    (problem,) = market.refused(KEYWORDS + ROW, week=date(2026, 4, 15))
    assert problem.code == "import.week_dated" and "「日付」" in problem.message("ja")
    assert _stored(market) == (0, 0)


def test_half_a_list_in_place_of_the_whole_one_is_said_and_the_whole_one_may_come_back(market: Market) -> None:
    whole = KEYWORDS + "".join(ROW.replace("比較", f"比較 {n}") for n in range(4))
    market.bring(whole, name="kw.csv")
    cut = market.bring("\n".join(whole.split("\n")[:3]) + "\n", name="kw.csv")
    assert [(each.rows_before, each.rows) for each in cut.replaced] == [(4, 2)]
    back = market.bring(whole, name="kw.csv")
    assert (back.counted_before, back.signals) == (None, 4)
    assert _stored(market)[0] == 4


def test_a_list_that_gave_way_in_part_counts_already_and_says_for_how_much_it_does_not(market: Market) -> None:
    both = KEYWORDS + ROW + ROW.replace("04-28", "04-29")
    market.bring(both, name="a.csv")
    market.bring(KEYWORDS + ROW.replace("04-28", "04-29").replace(",3\n", ",2\n"), name="b.csv")
    told = market.bring(both, name="a.csv")
    assert (told.counted_before, told.given_way, told.signals) == (NOW, 1, 0)


def test_a_topic_nobody_mapped_is_told_kept_and_counts_once_it_is_mapped(market: Market) -> None:
    report = market.bring(KEYWORDS + ROW.replace("電子カルテ 比較", "駐車場"))
    assert report.unmapped == {"駐車場": 1}
    assert market.sums() == {}
    assert market.told("F1").unmapped == ["駐車場"]
    market.rules = shipped_rules(("overtime: [", "overtime: [駐車場, "))
    assert market.ranked()["F1"].theme == "overtime"
    assert market.told("F1").intent.tenths == market.ranked()["F1"].tenths == 60


def test_a_public_event_counts_without_a_theme(market: Market) -> None:
    market.bring(
        "day,name,what\n2026-04-28,青葉台記念病院,人事 事務長の交代\n2026-04-28,青葉台記念病院,入札公告 電子カルテ\n",
        "kind: intent\nsource: public-event\ncolumns: {day: at, name: account.name, what: topic}\n",
    )
    assert {theme for _, theme, *_ in market.sums()} == {"", "overtime"}
    told = market.told("F1")
    assert told.intent.theme == "overtime"
    assert told.standing.stage == "比較"


def test_an_unknown_company_becomes_a_candidate_and_counts_when_a_person_has_said_who_it_is(market: Market) -> None:
    report = market.bring(KEYWORDS + ROW.replace("青葉台記念病院", "椿会グループ"))
    assert [(each.name, each.state) for each in report.companies] == [("椿会グループ", "unknown")]
    assert market.sums() == {} and set(market.ids) == {"F1", "F2", "F3"}
    with begin_write(market.engine) as conn:
        (waiting,) = open_companies(conn)
        assert decide(conn, waiting.id, market.ids["F2"], "sato")
    settle(market.engine, market.rules)
    assert market.sums() == {("F2", "overtime", "keyword", MONDAY): 60}
    # What was decided holds for the next list.
    report = market.bring(KEYWORDS + ROW.replace("青葉台記念病院", "椿会グループ").replace("04-28", "04-30"))
    assert (report.accounts, report.companies) == (1, [])


def test_a_doubtful_one_is_kept_for_a_person_with_the_reason(market: Market) -> None:
    report = market.bring(KEYWORDS + ROW.replace("青葉台記念病院", "楓商事株式会社"))
    (looked,) = report.companies
    assert (looked.state, looked.maybe) == ("doubtful", ("F3", "株式会社楓商事"))
    assert ("match_twin",) in looked.why
    assert market.sums() == {}
    with begin_write(market.engine) as conn:
        decide(conn, looked.id, None, "sato")
        assert open_companies(conn) == []


def test_a_facility_that_comes_in_later_is_recognised_with_the_next_list(market: Market) -> None:
    market.bring(KEYWORDS + ROW.replace("青葉台記念病院", "椿台記念病院"))
    market.facility("F4", "椿台記念病院", prefecture="東京都")
    market.bring(KEYWORDS + ROW.replace("04-28", "04-30"))
    assert market.sums()["F4", "overtime", "keyword", MONDAY] == 60


def test_a_company_known_by_name_counts_for_nobody_once_it_has_a_namesake(market: Market) -> None:
    text = KEYWORDS + ROW.replace("青葉台記念病院", "若葉丘総合病院").replace("東京都", "")
    market.bring(text)
    assert market.sums() == {("F2", "overtime", "keyword", MONDAY): 60}
    market.facility("F4", "若葉丘総合病院", prefecture="東京都")
    (looked,) = market.bring(text.replace("04-28", "04-30")).companies
    assert looked.state == "doubtful" and market.sums() == {}
    # What a person says holds, whoever comes in.
    with begin_write(market.engine) as conn:
        decide(conn, looked.id, market.ids["F2"], "sato")
    market.facility("F5", "若葉丘総合病院", prefecture="北海道")
    assert market.bring(text.replace("04-28", "04-29")).companies == []
    assert set(market.sums()) == {("F2", "overtime", "keyword", MONDAY)}


def test_a_person_makes_a_facility_of_a_company_and_it_counts(market: Market) -> None:
    row = f"2026-04-28,医療法人社団椿会 椿台病院,{corporate('234567890123')},tsubaki.example,東京都,残業,3\n"
    (looked,) = market.bring(KEYWORDS + row).companies
    with begin_write(market.engine) as conn:
        made = found(conn, looked.id, NgRules(), "sato", "secret", NOW)
        assert open_companies(conn) == []
        (decided,) = open_companies(conn, decided=True)
    assert (decided.account, decided.rows, decided.state) == ((made.key, made.name), 1, "known")
    settle(market.engine, market.rules)
    market.ids["new"] = made.id
    assert market.sums() == {("new", "overtime", "keyword", MONDAY): 60}
    kept = rows_of(market.engine, account, "name", "prefecture", "domain", "kind")[-1]
    assert kept == ("医療法人社団椿会 椿台病院", "東京都", "tsubaki.example", "hospital")
    with begin_write(market.engine) as conn, pytest.raises(NotDone) as refused:
        found(conn, looked.id, NgRules(), "sato", "secret", NOW)
    assert refused.value.code == "intent-company-there"


def test_a_list_that_was_broken_off_counts_nothing_and_comes_in_whole_the_next_time(market: Market) -> None:
    text = KEYWORDS + "".join(ROW.replace(",3\n", f",{n}\n").replace("比較", f"比較 {n}") for n in range(1, 301))

    def stop(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        market.bring(text, progress=stop)
    assert market.sums() == {} and _stored(market) == (0, 0)
    market.bring(text)
    assert market.sums() == {("F1", "overtime", "keyword", MONDAY): 120}
    assert _stored(market) == (300, 1)


def test_sums_that_were_not_made_in_time_are_made_by_whoever_asks(market: Market) -> None:
    market.bring(KEYWORDS + ROW)
    with begin_write(market.engine) as conn:
        conn.execute(delete(intent_week))
        conn.execute(intent_settled.update().values(done=0))
    assert market.ranked()["F1"].tenths == 60
    assert rows_of(market.engine, intent_settled, "asked", "done") == [(1, 1)]


def _empty(market: Market) -> None:
    with begin_write(market.engine) as conn:
        for table in (
            intent_week, intent_settled, intent_signal, intent_period, intent_file, intent_topic, intent_company,
        ):  # fmt: skip
            conn.execute(delete(table))


DAYS = [date(2026, 4, 8) + timedelta(days=n) for n in range(20)]
drawn_signals = st.lists(
    st.tuples(
        st.sampled_from(DAYS),
        st.sampled_from(["青葉台記念病院", "若葉丘総合病院", "誰も知らない会社"]),
        st.sampled_from(["電子カルテ 比較", "残業", "返戻", "駐車場"]),
    ),
    min_size=1,
    max_size=25,
    unique=True,
)


@given(data=st.data(), signals=drawn_signals)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_split_and_order_of_the_same_signals_gives_the_same_sums(market: Market, data: Any, signals: Any) -> None:
    counts = {each: 1 + n for n, each in enumerate(signals)}

    def listed(days: set[date], order: list[Any]) -> str:
        return KEYWORDS + "".join(
            f"{day},{name},,,,{topic},{counts[day, name, topic]}\n" for day, name, topic in order if day in days
        )

    # No cap that hides what would count twice.
    market.rules = shipped_rules(
        ("weight: 2\n    half_life: 14日\n    cap: 12", "weight: 2\n    half_life: 14日\n    cap: 9999")
    )
    _empty(market)
    market.bring(listed(set(DAYS), signals))
    whole = market.sums()
    _empty(market)
    told = sorted({day for day, *_ in signals})
    cover = data.draw(st.lists(st.sets(st.sampled_from(told), min_size=1), max_size=4))
    # Exports overlap and come twice; days that none of them covers come one by one.
    files = [*cover, *({day} for day in told if not any(day in some for some in cover))]
    for number, days in enumerate(data.draw(st.permutations([*files, *cover[:1]]))):
        market.bring(listed(days, data.draw(st.permutations(signals))), name=f"part-{number}.csv")
    assert market.sums() == whole


def test_ranking_counts_what_the_receipt_of_each_account_counts(market: Market) -> None:
    at = datetime(2026, 4, 28, 1, tzinfo=UTC)
    rows = "".join(
        f"2026-04-{day:02},{name},,,,{topic},{n + 1}\n"
        for n, (day, name, topic) in enumerate(
            (day, name, topic)
            for day in range(1, 30, 3)
            for name in ("青葉台記念病院", "若葉丘総合病院")
            for topic in ("残業", "返戻 料金")
        )
    )
    market.bring(KEYWORDS + rows)
    market.bring(SURGES + "青葉台記念病院,,残業,88,2026-04-20\n若葉丘総合病院,,新棟,61,2026-04-27\n", "weekly-surge")
    for days in range(0, 30, 4):
        market.act("F1", "visited", at - timedelta(days=days), "roi-simulation")
        market.act("F2", "downloaded", at - timedelta(days=days), "claims-case")
    market.act("F1", "submitted", at)
    market.act("F3", "clicked", at, "roi-simulation", machine="known_agent")
    market.act("F3", "visited", at, "roi-simulation", known_at=NOW + timedelta(hours=1))
    ranked = market.ranked()
    assert set(ranked) == {"F1", "F2"}
    for key, one in ranked.items():
        told = market.told(key).intent
        assert (one.tenths, one.theme, one.heat, one.over) == (told.tenths, told.theme, told.heat, told.over)
        assert [(t.theme, t.tenths, t.heat) for t in one.themes] == [(t.theme, t.tenths, t.heat) for t in told.themes]
        terms = [term.tenths for theme in told.themes for term in theme.terms]
        assert sum(terms) + told.over == told.tenths
    assert market.told("F3").intent.tenths == 0


def test_every_term_leads_to_its_rows_and_acts(market: Market) -> None:
    market.bring(KEYWORDS + ROW, name="keyword-0428.csv")
    market.act("F1", "visited", datetime(2026, 4, 28, 1, tzinfo=UTC), "roi-simulation")
    told = market.told("F1")
    signals = [each for theme in told.intent.themes for term in theme.terms for each in told.of(term)]
    (listed,) = [each for each in signals if each.file]
    (own,) = [each for each in signals if each.activity]
    assert (listed.file, listed.line, listed.amount, listed.label.ja) == ("keyword-0428.csv", 2, 3, "電子カルテ 比較")
    assert own.label.ja == "roi-simulation"
    assert told.standing.stage == "比較"
