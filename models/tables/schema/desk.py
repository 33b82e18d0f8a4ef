"""Tasks of inside sales, field sales and marketing, meetings and hand-over sheets. Imports schema.metadata only."""

from __future__ import annotations

from sqlalchemy import Index, text

from models.tables.schema.metadata import flag, instant, json, row_id, table, to, whole, words

_OPEN_IS = text("state = 'open' AND desk = 'IS'")
_OPEN = text("state = 'open'")
_TOUCHED = text("touched_at IS NOT NULL")

task = table(
    "task",
    row_id(),
    whole("person_id", index=True, comment="NULL: about the account, in a play"),
    whole("account_id"),
    words("desk", null=False, comment="IS, FS, MA"),
    words("kind", null=False),
    words("state", default="open", comment="open, done, withdrawn"),
    instant("due"),
    words("best_time", comment="16:00-17:30"),
    whole("owner_staff_id", to("staff.id"), index=True),
    json(
        "reasons", default="[]", comment="[{code, args, at, journey_id?, scenario?, step?, activity_id?, effect_key?}]"
    ),
    instant("made_at", null=False),
    words("result", comment="code of the outcome"),
    instant("result_at"),
    whole("tries", default=0, comment="dials of this task that reached nobody"),
    instant("touched_at", comment="the first dial, even unanswered (着手)"),
    instant("reached_at", comment="the first conversation (有効接触)"),
    words("theme", comment="key of content.yaml: what it is about"),
    instant("off_target_at", comment="somebody marked its reason as beside the point (的外れ)"),
    json("withdrawn_why", comment="code and arguments, where its cause turned out to be none"),
    words("cause", comment="what made it: a code, or scenario/step; tasks with the same one are counted together"),
    instant("sleeps_until", comment="not to be dialled before; a new reason wakes it"),
    instant("given_at", comment="when it got its owner: that day's capacity"),
    Index("uq_task_person_id_open_is", "person_id", unique=True, sqlite_where=_OPEN_IS, postgresql_where=_OPEN_IS),
    Index("ix_task_due_open", "due", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_task_cause_touched_at", "cause", "touched_at", sqlite_where=_TOUCHED, postgresql_where=_TOUCHED),
    comment="What a person of ours is to do; one open IS task a person",
    keep_ids=True,
)

meeting = table(
    "meeting",
    row_id(),
    whole("person_id", null=False, index=True),
    whole("account_id", index=True),
    whole("task_id", comment="the call that won it"),
    whole("number", default=1, comment="first, second meeting with the account ..."),
    instant("set_at", null=False, comment="when it was agreed"),
    instant("meets_at", comment="NULL: the date is still open"),
    whole("set_by_staff_id", to("staff.id")),
    whole("owner_staff_id", to("staff.id"), index=True, comment="who of field sales goes"),
    words("state", default="set", comment="set, held, cancelled"),
    words("attendance", default="none", comment="of the decision-maker: none, willing, asked, promised, attended"),
    instant("attendance_at", comment="when that was last said"),
    comment="A meeting with an account, and whether who decides sits in it",
    keep_ids=True,
)

handover_sheet = table(
    "handover_sheet",
    row_id(),
    whole("person_id", null=False, index=True),
    whole("account_id"),
    whole("task_id", comment="the task of inside sales it came from"),
    whole("meeting_id"),
    whole("fs_task_id", comment="the task by which field sales answers it"),
    instant("made_at", null=False),
    whole("by_staff_id", to("staff.id")),
    whole("to_staff_id", to("staff.id"), index=True),
    words("state", default="open", comment="open, accepted, sent_back"),
    instant("due", comment="when field sales must have answered"),
    instant("answered_at"),
    whole("answered_by_staff_id", to("staff.id")),
    words("sent_back", comment="information_missing, no_authority, issue_unclear, too_late, deal_exists"),
    words("sent_back_note", "personal"),
    words("budget", default="none", comment="none, provisional, secured"),
    words("budget_year", comment="fiscal year, as 2027"),
    flag("authority"),
    flag("need"),
    whole("timing_months", comment="months until they want to have it"),
    words("issue", "personal", comment="in the customer's words"),
    words("present", "personal", comment="present solution or competitor"),
    words("decision_path", "personal"),
    words("attendees", "personal"),
    words("promised", "personal", comment="material that was promised"),
    words("not_to_say", "personal"),
    words("recording", "personal", comment="link to the recording"),
    comment="What inside sales hands to field sales, and the answer; holds personal data",
    keep_ids=True,
)

call_note = table(
    "call_note",
    row_id(),
    whole("person_id", null=False, index=True),
    whole("account_id", index=True),
    whole("task_id", index=True),
    instant("at", null=False),
    whole("by_staff_id", to("staff.id")),
    words("outcome", null=False),
    json("fields", "personal", default="{}", comment="what else was written down, as entered: {field: text}"),
    comment="What a caller wrote down about a call; holds personal data",
    keep_ids=True,
)

task_cause = table(
    "task_cause",
    words("effect_key", primary_key=True),
    whole("task_id", null=False, index=True),
    instant("at", null=False),
    comment="Effects that made a task or were added to it; a key counts once",
)
