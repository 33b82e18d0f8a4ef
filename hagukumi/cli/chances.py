"""score train (without a table), models, use, compare: the workspace's own probability and the life of its models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hagukumi.cli.frame import Call
from hagukumi.cli.progress import steps
from hagukumi.cli.stored import loaded
from hagukumi.words.chances import KINDS, REFUSED, STATES, WHY_NOT, feature_name, refusal, value_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from hagukumi.files import Files
    from hagukumi.words.refusal import NotDone

EARLY_DAYS = 30
VersionArgument = Annotated[
    str, typer.Argument(metavar="VERSION", help="モデルの版(score models で確認) / a version of score models")
]


def train_workspace(call: Call, put_in_use: bool) -> None:
    """Learns from the workspace's own history, and says what came of it."""
    from hagukumi.learning.shelf import CHALLENGER
    from hagukumi.learning.training import train_workspace as learn

    wired = call.wired
    with steps(call) as tell:
        learned = learn(wired.engine, wired.features, wired.shelf, wired.now, tell)
    if put_in_use and learned.state == CHALLENGER:
        _put_in_use(call, learned.version)
        learned = learned._replace(state="champion")
    card = learned.card
    if call.as_json:
        call.answer({"version": learned.version, "state": learned.state, **_summary(card)})
        return
    _say_taught(call, card)
    _say_state(call, learned.version, learned.state)


def _say_taught(call: Call, card: dict[str, Any]) -> None:
    """What taught it, how it did on what it had not seen, and what kind of model it is."""
    figures, (low, high) = card["figures"], card["auc_interval"]
    call.say(
        f"{card['people']:,}名・{card['rows']:,}時点から学びました({card['horizon_days']}日以内にSQLになった方 "
        f"{card['succeeded']:,}名)。",
        f"Learned from {card['rows']:,} moments of {card['people']:,} people, {card['succeeded']:,} of whom became "
        f"SQLs within {card['horizon_days']} days.",
    )
    call.say(
        f"  新しい期間の、学習に使っていない方で検証: AUC {figures['auc']:.3f}(95%区間 {low:.3f}〜{high:.3f}、"
        f"点数だけなら {card['baseline']['auc']:.3f})、確率のずれの平均 {100 * figures['ece']:.1f} ポイント",
        f"  Tested on the newest stretch and people it had not seen: AUC {figures['auc']:.3f} (95 % interval "
        f"{low:.3f} to {high:.3f}; points alone {card['baseline']['auc']:.3f}), off by {100 * figures['ece']:.1f} "
        f"points on average",
    )
    if not card["gap"]:
        call.say(
            "  ご注意: 記録がまだ短く、学習と検証の間を90日空けられませんでした。成績は少し良く出すぎかもしれません。",
            "  Beware: history is too short to keep 90 days between what teaches and what tests; figures may flatter.",
        )
    kind = KINDS[
        "points" if card["chosen"] == "baseline" else "boosting" if card["chosen"] == "full" else card["chosen"]
    ]
    call.say(f"  採用: {kind.ja}", f"  Chosen: {kind.en}")


def _say_state(call: Call, version: str, state: str) -> None:
    """Whether it is in use, and how to put it in use."""
    from hagukumi.learning.shelf import CHALLENGER

    words = STATES[state]
    call.say(f"モデル {version}: {words.ja}", f"Model {version}: {words.en}")
    if state == CHALLENGER:
        call.say(
            f"使うには: hagukumi score use {version}(その前に score compare で見比べられます)",
            f"To use it: hagukumi score use {version} (score compare shows both on what happened since)",
        )


def _summary(card: dict[str, Any]) -> dict[str, Any]:
    names = ("rows", "people", "succeeded", "horizon_days", "chosen", "gap")
    figures = {name: round(value, 6) for name, value in card["figures"].items()}
    return {name: card[name] for name in names} | figures | {"baseline": round(card["baseline"]["auc"], 6)}


def models(call: Call) -> None:
    """モデルの一覧を示します(新しい順) / the models, the newest first."""
    from hagukumi.learning.shelf import models as rows_of
    from models.tables.engine import begin_read

    wired = call.wired
    with begin_read(wired.engine) as conn:
        rows = rows_of(conn)
    if call.as_json:
        call.answer([_as_json(call, row) for row in rows])
        return
    if not rows:
        call.say(
            "モデルはまだありません。点数だけで運用しています(学習: hagukumi score train)。",
            "There is no model yet; points stand alone (train one with: hagukumi score train).",
        )
    for row in rows:
        state, kind = STATES[row.state], KINDS[row.kind]
        auc = row.card["figures"]["auc"]
        made = row.made_at.astimezone(call.zone)
        call.say(
            f"{row.version}  {state.ja}  {made:%Y-%m-%d}  {kind.ja}  AUC {auc:.3f}",
            f"{row.version}  {state.en}  {made:%Y-%m-%d}  {kind.en}  AUC {auc:.3f}",
        )
        refused = _refused(call, row)
        if refused is not None:
            words = REFUSED[refused]
            call.say(f"  読み込めません: {words.ja}", f"  Not loaded: {words.en}")


def _as_json(call: Call, row: Row[Any]) -> dict[str, Any]:
    return {
        "version": row.version, "state": row.state, "kind": row.kind, "made_at": row.made_at.isoformat(),
        "known_until": row.known_until.isoformat(), "auc": round(row.card["figures"]["auc"], 6),
        "ece": round(row.card["figures"]["ece"], 6), "refused": _refused(call, row),
    }  # fmt: skip


def _refused(call: Call, row: Row[Any]) -> str | None:
    """Why its file is not used; None when it is sound, or retired and not looked at."""
    shelf = call.wired.shelf
    if row.state == "retired" or shelf.get(row.version, row.digest) is not None:
        return None
    return shelf.why_not(row.version)


def none_in_use(call: Call) -> NotDone:
    """No model speaks: because there is none, or because the file of the one in use is refused."""
    from hagukumi.learning.shelf import CHAMPION
    from hagukumi.learning.shelf import models as rows_of
    from models.tables.engine import begin_read

    with begin_read(call.wired.engine) as conn:
        row = next((row for row in rows_of(conn) if row.state == CHAMPION), None)
    if row is None:
        return refusal("model-none")
    return refusal("model-refused", row.version, REFUSED[_refused(call, row) or "model-missing"])


def use(call: Call, version: VersionArgument) -> None:
    """このモデルを使います(前の版に戻すときも) / put a version in use, or go back to an earlier one."""
    before = _put_in_use(call, version)
    if call.as_json:
        call.answer({"version": version, "before": before})
    elif before == version:
        call.say(f"モデル {version} は、すでに使用中です。", f"Model {version} is in use already.")
    else:
        former = (
            ("", "") if before is None else (f"{before} は比較用に残ります。", f" {before} scores silently beside.")
        )
        call.say(
            f"モデル {version} を使います。{former[0]}全員の採点は、次の毎朝の更新で入れ替わります。",
            f"Model {version} is in use.{former[1]} Everybody is scored by it in the next morning's round.",
        )


def _put_in_use(call: Call, version: str) -> str | None:
    from sqlalchemy import select

    from hagukumi.learning.shelf import use as put
    from models.tables.engine import begin_read, begin_write
    from models.tables.schema import model

    wired = call.wired
    with begin_read(wired.engine) as conn:
        digest = conn.scalar(select(model.c.digest).where(model.c.version == version))
    if digest is None:
        raise refusal("model-unknown", version)
    loaded(call, wired.shelf.path(version), digest)
    with begin_write(wired.engine) as conn:
        return put(conn, version, wired.now)


def compare(call: Call) -> None:
    """使用中と比較用のモデルを、その後に起きたことで比べます / the model in use and its challenger on what happened."""
    from hagukumi.learning.comparing import compare as side_by_side
    from hagukumi.learning.shelf import CHALLENGER, CHAMPION
    from hagukumi.learning.shelf import models as rows_of
    from models.scoring.sampling import HORIZON_DAYS
    from models.tables.engine import begin_read

    wired = call.wired
    with begin_read(wired.engine) as conn:
        rows = {row.state: row.version for row in rows_of(conn)}
        versions = [rows[state] for state in (CHAMPION, CHALLENGER) if state in rows]
        if not versions:
            raise refusal("model-none")
        found = [side_by_side(conn, versions, wired.now, days) for days in (HORIZON_DAYS, EARLY_DAYS)]
    if call.as_json:
        call.answer([each._asdict() | {"sides": [side._asdict() for side in each.sides]} for each in found])
        return
    for each in found:
        call.say(
            f"{each.days}日たった採点 {each.rows:,}件、{each.people:,}名分(うちSQLになったもの {each.outcomes:,}件)",
            f"{each.rows:,} scores of {each.people:,} people that are {each.days} days old "
            f"({each.outcomes:,} became SQLs by then)",
        )
        for number, side in enumerate(each.sides):
            state = STATES[CHALLENGER if number else CHAMPION]
            if side.auc is None:
                call.say(
                    f"  {side.version} {state.ja}: 結果がまだ足りません", f"  {side.version} {state.en}: too few yet"
                )
                continue
            call.say(
                f"  {side.version} {state.ja}: AUC {side.auc:.3f}、確率のずれ {side.ece:.3f}、"
                f"上位1割のSQL率 {side.top_decile:.1%}",
                f"  {side.version} {state.en}: AUC {side.auc:.3f}, off by {side.ece:.3f}, SQLs among the best tenth "
                f"{side.top_decile:.1%}",
            )
    call.say(
        "  同じ方を何度も採点した分も、すべて数えています(score health は、直近8週間の、おひとり最後の1件ずつです)。",
        "  Every score counts, also several of one person; `score health` takes everybody's last one of eight weeks.",
    )
    if len(versions) == 1:
        call.say("比較用のモデルはありません。", "There is no challenger.")


def card_path(call: Call, version: str | None) -> Any:
    """The file of a version, or of the one in use, and its digest. Raises NotDone."""
    from sqlalchemy import select

    from hagukumi.learning.shelf import CHAMPION, Shelf
    from models.tables.engine import begin_read
    from models.tables.schema import model

    which = model.c.state == CHAMPION if version is None else model.c.version == version
    with begin_read(call.engine) as conn:
        row = conn.execute(select(model.c.version, model.c.digest).where(which)).one_or_none()
    if row is None:
        raise refusal("model-none") if version is None else refusal("model-unknown", version)
    return Shelf(call.workspace.var / "models").path(row.version), row.digest


def card_of_version(call: Call, version: str | None) -> dict[str, Any]:
    """The card of a version, or of the one in use, with what `score health` knows of it by now (`drift`).

    drift is None for a model that does not score (any more).
    """
    from hagukumi.learning.drift import examine

    path, digest = card_path(call, version)
    card, wired = loaded(call, path, digest).card, call.wired
    found = examine(wired.engine, wired.shelf, wired.features, wired.now, path.stem)
    drift = None if found is None else {"at": wired.now.astimezone(call.zone).isoformat()} | found.for_card()
    return spoken(call, card | {"drift": drift})


def spoken(call: Call, card: dict[str, Any]) -> dict[str, Any]:
    """The card of a model of ours with features as people call them; programs get it as it is."""
    if call.as_json:
        return card
    from hagukumi.files import read_files

    files = read_files(call.workspace)

    def name(feature: str) -> str:
        return feature_name(feature, call.lang, files.themes)

    def named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row | {"column": name(row["column"])} for row in rows]

    within = f"{card['horizon_days']}日以内" if call.lang == "ja" else f"within {card['horizon_days']} days"
    return card | {
        "source": files.settings.name,
        "outcome": "SQL",
        "positive": within,
        "baseline": card["baseline"] | {"column": name(card["baseline"]["column"])},
        "influence": named(card["influence"]),
        "segments": named(
            [row | {"value": value_name(row["column"], row["value"], call.lang)} for row in card["segments"]]
        ),
        "left_out": named(card["left_out"]),
        "drift": card["drift"] and card["drift"] | {"features": named(card["drift"]["features"])},
    }


def reasons_of(call: Call, conn: Connection, files: Files, person: int, now: datetime) -> dict[str, Any]:
    """What `score explain` says of the probability: see explaining.said; no_probability: why there is none, in words.

    Nothing heavy is loaded without a model.
    """
    from hagukumi.learning.shelf import champion

    if champion(conn) is None:
        nothing: dict[str, Any] = {
            "probability": None,
            "log_odds": None,
            "model": None,
            "reasons": [],
            "why_not": "no_model",
        }
        return nothing | {"no_probability": WHY_NOT["no_model"].say(call.lang)}
    from hagukumi.learning.explaining import chance_of_person, said

    wired = call.wired
    found = chance_of_person(conn, wired.shelf, wired.features, person, now)
    why_not = None if found.why_not is None else WHY_NOT[found.why_not].say(call.lang)
    return said(found, call.lang, files.themes) | {"no_probability": why_not}


def show_reasons(call: Call, said: Mapping[str, Any]) -> None:
    """The probability with its reasons in log-odds, or why there is none."""
    if said["probability"] is None:
        call.say(said["no_probability"], said["no_probability"])
        return
    chance = said["probability"]
    call.say(f"90日以内にSQLになる確率 {chance:.1%}", f"Chance of becoming an SQL within 90 days: {chance:.1%}")
    for reason in said["reasons"]:
        value = f"({reason['value']})" if reason["value"] else ""
        line = f"  {reason['log_odds']:+7.3f}  {reason['because']}"
        call.say(f"{line}{value}", f"{line} {value}".rstrip())
    call.say("  ───────", "  ───────")
    call.say(f"  {said['log_odds']:+7.3f}  対数オッズの合計", f"  {said['log_odds']:+7.3f}  log-odds in all")
