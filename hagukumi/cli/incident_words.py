"""What the commands about wrong mails answer, for people and as JSON. Start with `say_incident`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hagukumi.cli.frame import Call
from hagukumi.journeys.core.values import Words
from hagukumi.words.dates import iso, say_day, say_time
from hagukumi.words.names import LETTER_STATES
from hagukumi.words.refusal import NotDone

if TYPE_CHECKING:
    from hagukumi.incidents.affected import Reached
    from hagukumi.incidents.book import Incident
    from hagukumi.incidents.withdrawing import Withdrawn
    from hagukumi.letters.preview import Preview

MOST = 50
"""Letters listed for people; --json has all."""
KINDS = {
    "content": Words("内容の誤り", "wrong content"),
    "recipient": Words("宛先の誤り", "wrong recipient"),
    "data": Words("ほかの方の情報が見えた", "somebody else's data seen"),
}
WHY_NOT = {
    "not_settled": Words("送信の結果待ち", "not settled yet"),
    "did_not_arrive": Words("届いていない", "did not arrive"),
    "no_address": Words("宛先がない", "no address"),
    "dead_address": Words("宛先不明", "the address is dead"),
    "no_surname": Words("姓が分からない", "no surname"),
}


def say_withdrawn(call: Call, done: Withdrawn, known: Incident, rows: Sequence[Reached]) -> None:
    """What was stopped, who got it, what to do next."""
    stopped = done.stopped + sum(one.called_back for one in rows)
    if done.content_stopped:
        call.say(
            f"「{done.name}」を止めました。送信前に止めたメール: {stopped:,}通",
            f"{done.name} is stopped. Letters called back before they left: {stopped:,}",
        )
    else:
        call.say(
            f"該当するメールのうち、送信前に止めたもの: {stopped:,}通(「{done.name}」の送信は続きます)",
            f"Of these letters called back before they left: {stopped:,} ({done.name} itself goes on)",
        )
    if done.showing:
        call.say(
            f"この資料にリンクする次のメールも止めました: {'、'.join(done.showing)}",
            f"Letters that link to it are stopped as well: {', '.join(done.showing)}",
        )
    _say_rows(call, rows)
    _say_duty(call, known)
    number = known.id
    call.say("次にすること:", "What to do next:")
    if any(one.why_not is None for one in rows):
        call.say(
            f"  1. hagukumi incident draft {number} --by 自分 # お詫びの下書き",
            f"  1. hagukumi incident draft {number} --by YOU # draft the apology",
        )
        call.say(
            f"  2. hagukumi incident approve {number} --by 別の方 # 承認すると送信されます",
            f"  2. hagukumi incident approve {number} --by SOMEBODY-ELSE # approved, it leaves",
        )
    if done.content_stopped:
        call.say(
            f"  ・直したあと: hagukumi content reinstate {done.name}",
            f"  - when it is mended: hagukumi content reinstate {done.name}",
        )
    call.say(f"  ・記録: hagukumi incident show {number}", f"  - the record: hagukumi incident show {number}")


def say_list(call: Call, found: Sequence[Incident]) -> None:
    """One line an incident, with what is overdue."""
    if not found:
        call.say("誤ったメールの記録はありません。", "There are no incidents.")
    for one in found:
        kind, at = KINDS[one.kind], {lang: say_time(one.known_at, call.zone, lang, year=True) for lang in ("ja", "en")}
        about = Words(f"「{one.content}」", f" {one.content}") if one.content else Words("", "")
        stands = _stands(one)
        call.say(
            f"{one.id:>4}  {at['ja']}  {kind.ja}{about.ja}  {stands.ja}",
            f"{one.id:>4}  {at['en']}  {kind.en}{about.en}  {stands.en}",
        )
        late = one.overdue(_today(call))
        if late:
            said = _reports(late)
            call.say(f"      ! 期限を過ぎています: {said.ja}", f"      ! Overdue: {said.en}")


def say_incident(call: Call, known: Incident, rows: Sequence[Reached], made: Sequence[Preview]) -> None:
    """The whole record."""
    say_list(call, [known])
    if known.note:
        call.say(f"      {known.note}", f"      {known.note}")
    call.say(f"      記録した方: {known.opened_by}", f"      opened by {known.opened_by}")
    back = sum(one.called_back for one in rows)
    if back:
        call.say(f"送信処理中に止めたメール: {back:,}通", f"Called back in the sender's hands: {back:,} letters")
    _say_rows(call, rows)
    _say_duty(call, known)
    if known.apology is None:
        call.say("お詫びの下書きはまだありません。", "There is no draft apology yet.")
        return
    number = len(known.apology["people"])
    drafted = known.apology["by"]
    if known.approved_at is None:
        call.say(
            f"お詫びの下書き({number}名宛て、作成: {drafted})。承認待ちです。",
            f"Draft apology to {number} (by {drafted}); it waits for approval.",
        )
    else:
        call.say(
            f"お詫び({number}名宛て、作成: {drafted}、承認: {known.approved_by})",
            f"Apology to {number} (written by {drafted}, approved by {known.approved_by})",
        )
    _say_letters(call, made)


def say_draft(
    call: Call, known: Incident, rows: Sequence[Reached], made: Sequence[Preview], saved: Path | None
) -> None:
    """The draft as its readers will see it, to whom it goes and to whom not."""
    assert known.apology is not None
    people = known.apology["people"]
    if call.as_json:
        shown = {one.language: one.rendered.text for one in made if one.rendered is not None}
        call.answer({"incident": known.id, "people": people, "texts": _words(known), "as_read": shown})
        return
    call.say(
        f"お詫びを下書きしました({len(people)}名宛て、お一人1通)。", f"Drafted the apology to {len(people)}, one each."
    )
    left = Counter(one.why_not for one in rows if one.why_not is not None)
    for code, number in sorted(left.items()):
        why = WHY_NOT[code]
        call.say(f"  お送りしないメール {number}通分: {why.ja}", f"  none for {number} letters: {why.en}")
    _say_letters(call, made)
    if saved is not None:
        call.say(
            f"文面を {saved} に保存しました。直して「hagukumi incident draft {known.id} --by … --from {saved}」です。",
            f"Saved the words in {saved}. Edit, then: hagukumi incident draft {known.id} --by ... --from {saved}",
        )
    call.say(
        f"承認(別の方): hagukumi incident approve {known.id} --by …",
        f"To approve (somebody else): hagukumi incident approve {known.id} --by ...",
    )


def say_changed(call: Call, known: Incident) -> None:
    """How it stands after a change."""
    if call.as_json:
        call.answer(incident_json(call, known))
        return
    say_list(call, [known])
    _say_duty(call, known)


def save_words(path: Path, known: Incident) -> None:
    """The draft's words as a file to edit. Raises NotDone."""
    import yaml

    class _Block(str):
        pass

    class _Dumper(yaml.SafeDumper):
        pass

    _Dumper.add_representer(
        _Block, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style="|")
    )
    said = {
        language: {"subject": words["subject"], "text": _Block(words["text"] + "\n")}
        for language, words in _words(known).items()
    }
    try:
        path.write_text(yaml.dump(said, Dumper=_Dumper, allow_unicode=True, sort_keys=False), "utf-8")
    except OSError as error:
        raise NotDone(
            "file-not-written",
            f"{path} に書き込めません({error.strerror})。場所と権限をご確認ください。",
            f"Cannot write {path} ({error.strerror}). Check the place and your permission.",
        ) from None


def withdrawn_json(call: Call, done: Withdrawn, known: Incident, rows: Sequence[Reached]) -> dict[str, Any]:
    """The stable keys of `content withdraw --json`."""
    return {
        "incident": incident_json(call, known),
        "content": done.name,
        "content_stopped": done.content_stopped,
        "also_stopped": list(done.showing),
        "called_back": done.stopped + sum(one.called_back for one in rows),
        "in_hand": sum(one.state == "sending" for one in rows),
        "got_it": [reached_json(call, each) for each in rows if not each.called_back],
    }


def incident_json(call: Call, known: Incident) -> dict[str, Any]:
    """The stable keys of an incident."""
    late = {one.report for one in known.overdue(_today(call))}
    return {
        "id": known.id,
        "kind": known.kind,
        "content": known.content,
        "known_at": iso(known.known_at, call.zone),
        "opened_at": iso(known.opened_at, call.zone),
        "opened_by": known.opened_by,
        "note": known.note,
        "reports": [
            {"report": one.report, "due": one.due.isoformat(), "done": one.done, "overdue": one.report in late}
            for one in known.due
        ],
        "drafted_for": len(known.apology["people"]) if known.apology else 0,
        "approved_at": iso(known.approved_at, call.zone),
        "approved_by": known.approved_by,
        "closed_at": iso(known.closed_at, call.zone),
    }


def reached_json(call: Call, one: Reached) -> dict[str, Any]:
    """The stable keys of a letter of an incident."""
    return {
        "key": one.key,
        "person": one.person,
        "name": _name(one),
        "facility": one.facility,
        "content": one.content,
        "sent_at": iso(one.sent_at, call.zone),
        "state": one.state,
        "state_then": one.then,
        "opened": one.opened,
        "clicked": one.clicked,
        "apology": one.apology,
        "why_no_apology": one.why_not,
    }


def _say_rows(call: Call, noted: Sequence[Reached]) -> None:
    rows = [one for one in noted if not one.called_back]
    in_hand = sum(one.state == "sending" for one in rows)
    if in_hand:
        call.say(
            f"いま送信処理中のメール: {in_hand:,}通。まだ出ていないものは、次の1通の前に止まります",
            f"In the sender's hands right now: {in_hand:,} letters. Those that have not left stop before the next call",
        )
    people = len({one.person for one in rows})
    if not rows:
        call.say("届いた方はいません。", "Nobody got it.")
        return
    call.say(
        f"届いた(かもしれない)方: {people:,}名・{len(rows):,}通",
        f"Got it, or may have: {people:,} people, {len(rows):,} letters",
    )
    from hagukumi.cli.fold import Grid

    table = Grid("", "", "", "", "", "")
    for one in rows[:MOST]:
        deed = Words("クリック", "clicked") if one.clicked else Words("開封", "opened") if one.opened else Words("", "")
        state = LETTER_STATES.get(one.state, Words(one.state, one.state)).say(call.lang)
        at = say_time(one.sent_at, call.zone, call.lang) if one.sent_at else "-"
        table.row("  " + _name(one), one.facility or "-", at, state, deed.say(call.lang), _apology_words(call, one))
    call.show(table)
    if len(rows) > MOST:
        left = len(rows) - MOST
        call.say(f"  ほか {left:,}通(--json ですべて出ます)", f"  and {left:,} more (--json has all)")


def _apology_words(call: Call, one: Reached) -> str:
    if one.apology is not None:
        state = LETTER_STATES.get(one.apology, Words(one.apology, one.apology))
        return Words(f"お詫び: {state.ja}", f"apology: {state.en}").say(call.lang)
    if one.why_not is None:
        return ""
    why = WHY_NOT[one.why_not]
    return Words(f"お詫びなし: {why.ja}", f"no apology: {why.en}").say(call.lang)


def _say_duty(call: Call, known: Incident) -> None:
    """The dates in words, and when the duty exists."""
    if known.kind != "data":
        return
    if not known.due:
        call.say("報告の義務なし、と確認済みです。", "Found: there is no duty to report.")
        return
    from hagukumi.incidents.duty import WHEN_IT_EXISTS

    call.say(
        "個人情報保護委員会への報告(次のどれかに当てはまるとき):", "Report to the authority, if one of these holds:"
    )
    for words in WHEN_IT_EXISTS:
        call.say(f"  □ {words.ja}", f"  [ ] {words.en}")
    aim = date.fromisoformat((known.reports or {})["quick"]["from"])
    for one in known.due:
        done = Words("済み", "done") if one.done else Words("まだ", "not yet")
        due = Words(say_day(one.due, "ja"), say_day(one.due, "en"))
        if one.report == "quick":
            first = Words(say_day(aim, "ja"), say_day(aim, "en"))
            call.say(
                f"  速報: {first.ja}〜{due.ja}(気づいた日を含めて3〜5日。土日・祝日も数えます) {done.ja}",
                f"  quick report: {first.en} to {due.en} (day 3 to 5, that it was known on being the first) {done.en}",
            )
        else:
            call.say(
                f"  確報: {due.ja}まで(30日以内、不正の目的によるおそれは60日。休日に当たるときは翌開庁日) {done.ja}",
                f"  full report: by {due.en} (day 30, or 60 where harm was meant; no holiday) {done.en}",
            )
    call.say(
        "  ご本人(情報が見えた方)への通知も必要です。件数や要件に迷うときは、法務にご確認ください。",
        "  Those whose data were seen are to be told as well. In doubt ask your legal team.",
    )
    call.say(
        f"  済んだら: hagukumi incident report {known.id} quick(確報は full、義務がないときは none)",
        f"  When done: hagukumi incident report {known.id} quick (full; none where there is no duty)",
    )


def _say_letters(call: Call, made: Sequence[Preview]) -> None:
    for one in made:
        if one.rendered is None:
            continue
        call.say(f"件名　{one.rendered.subject}", f"Subject  {one.rendered.subject}")
        call.show("")
        call.show(one.rendered.text.rstrip("\n"))
        call.show("")


def _stands(one: Incident) -> Words:
    if one.closed_at is not None:
        return Words("終了", "closed")
    if one.approved_at is not None:
        return Words("お詫び承認済み", "apology approved")
    if one.apology is not None:
        return Words("お詫びの承認待ち", "apology waits for approval")
    return Words("対応中", "open")


def _reports(late: Sequence[Any]) -> Words:
    from hagukumi.incidents.duty import TITLES

    return Words(
        "・".join(f"{TITLES[one.report].ja}({say_day(one.due, 'ja')}まで)" for one in late),
        ", ".join(f"{TITLES[one.report].en} (due {say_day(one.due, 'en')})" for one in late),
    )


def _today(call: Call) -> date:
    return call.wired.now.astimezone(call.zone).date()


def _words(known: Incident) -> dict[str, Any]:
    return {language: (known.apology or {})[language] for language in ("ja", "en")}


def _name(one: Reached) -> str:
    from hagukumi.reading.people import full_name

    return full_name(*one.name, one.language)
