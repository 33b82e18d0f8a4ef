"""People, the grounds to write to them, what they refused, and our own staff. Imports schema.metadata only."""

from __future__ import annotations

from sqlalchemy import Index, func, text

from models.tables.schema.metadata import flag, instant, json, row_id, table, to, whole, words

person = table(
    "person",
    row_id(),
    words("key", "personal", null=False, unique=True, comment="of the source, or made from the address"),
    words("email", "personal", comment="as entered"),
    words("email_norm", "personal", unique=True),
    words("family_name", "personal", comment="as entered (髙, 﨑)"),
    words("given_name", "personal"),
    words("family_kana", "personal"),
    words("given_kana", "personal"),
    words("department", "personal"),
    words("title", "personal"),
    words("phone_direct", "personal"),
    words("phone_main", "personal"),
    words("phone_extension", "personal"),
    words("language", default="ja", comment="ja or en"),
    whole("account_id", to("account.id"), index=True),
    words(
        "role",
        comment="decision_maker, influencer, user, purchaser, veto, champion, opponent, gatekeeper, dealer",
    ),
    words("role_source", comment="imported, rules, sales; sales' word wins"),
    words("stage", default="lead", comment="lead, mql, sql, opportunity, won, ng"),
    instant("stage_since"),
    words("ng_reason"),
    words("source", "company", comment="where the person came from"),
    words("primary_campaign", "company"),
    words("last_touch", "company"),
    json("tags", "personal", default="[]", comment="sorted list"),
    json("custom", "personal", default="{}", comment="typed fields declared in YAML"),
    flag("acquainted"),
    flag("left_company"),
    whole("merged_into", comment="person.id of the canonical person"),
    instant("created_at", null=False),
    instant("changed_at", null=False),
    Index("ix_person_merged_into", "merged_into"),
    comment="A lead or contact; holds personal data",
    keep_ids=True,
)

consent = table(
    "consent",
    row_id(),
    whole("person_id", to("person.id"), null=False),
    words("channel", null=False, comment="mail, phone, fax, visit, ads"),
    words("ground", null=False, comment="consent, card, business, published"),
    instant("got_at"),
    words("got_by", "personal", comment="who took the card or the consent"),
    words("got_where", "personal"),
    words("image_id", "personal", comment="scan of the card"),
    whole("legal_entity_id", to("legal_entity.id"), comment="for whom the card counts"),
    words("page", "personal", comment="page on which the address is published"),
    instant("captured_on", comment="when that page was read"),
    words("purpose_version", comment="of the purpose of use shown when the data were taken"),
    words("wording_hash", comment="of the words that were shown and agreed to"),
    words("source", default=""),
    instant("withdrawn_at"),
    instant("lock_until", comment="evidence is kept until then, after erasure too"),
    # Two grounds without a date are the same ground: NULLs alone would let an import add them twice.
    Index(
        "uq_consent_evidence",
        "person_id",
        "channel",
        "ground",
        "source",
        func.coalesce(text("got_at"), text("0")),
        unique=True,
    ),
    comment="Grounds to write to or call a person, with their evidence; holds personal data",
    keep_ids=True,
)

NO_WILL = ("hard_bounce",)
"""Causes of a refusal that are nobody's will: a mailbox that does not exist refuses nothing."""

refusal = table(
    "refusal",
    row_id(),
    words("channel", null=False, comment="mail, phone, fax, visit, ads"),
    words("address_hash", index=True, comment="keyed_hash of the normalised address; survives erasure"),
    whole("person_id", index=True),
    whole("account_id", index=True, comment="the whole facility refuses (出入禁止)"),
    words("cause", null=False, comment="refused, hard_bounce, spam_report, former_tool, unsubscribed"),
    instant("at"),
    words("source", default=""),
    words("topic", comment="theme of content.yaml that is refused; NULL: the whole channel"),
    Index(
        "uq_refusal_said",
        "channel",
        "cause",
        "source",
        func.coalesce(text("address_hash"), text("''")),
        func.coalesce(text("person_id"), text("0")),
        func.coalesce(text("account_id"), text("0")),
        func.coalesce(text("at"), text("0")),
        func.coalesce(text("topic"), text("''")),
        unique=True,
    ),
    comment="Who refuses which channel and why; append-only",
)

past_send = table(
    "past_send",
    words("address_hash", primary_key=True),
    words("content", primary_key=True),
    instant("at", null=False, primary_key=True),
    words("source", primary_key=True),
    comment="What the former tool sent; part of the same-content fence",
)

staff = table(
    "staff",
    row_id(),
    words("key", null=False, unique=True),
    words("name", "personal", null=False),
    words("email", "personal"),
    words("role", comment="marketer, is, fs, cs, abm, leader, manager"),
    words("team", "company"),
    json("working_days", "code", default="[1,2,3,4,5]", comment="ISO weekdays"),
    instant("absent_from"),
    instant("absent_to"),
    flag("active", default=True),
    whole("capacity", comment="new tasks a day; NULL: no limit"),
    comment="Our own people; holds personal data",
    keep_ids=True,
)

erasure = table(
    "erasure",
    row_id(),
    words("address_hash", null=False, unique=True, comment="keyed_hash of the mailbox, or of the source's key"),
    whole("person_id", comment="whose row was emptied; NULL: nobody had the address"),
    instant("at", null=False),
    words("by_whom", null=False, comment="staff key; restored: erased again after a restore"),
    instant("done_at", comment="NULL: it was cut off and goes on when the workspace is opened"),
    comment="Who was erased, by hash alone; kept beside the database as well, for after a restore",
    keep_ids=True,
)

locked_evidence = table(
    "locked_evidence",
    row_id(),
    words("address_hash", null=False, index=True),
    words("channel", null=False),
    words("ground", null=False),
    instant("got_at"),
    words("got_by", "personal"),
    words("got_where", "personal"),
    words("image_id", "personal"),
    whole("legal_entity_id"),
    words("page", "personal"),
    instant("captured_on"),
    words("purpose_version"),
    words("wording_hash"),
    words("source", default=""),
    instant("withdrawn_at"),
    instant("lock_until", null=False, comment="kept until then by law, gone after"),
    comment="Grounds of erased people, locked apart until the law lets them go; holds personal data",
)
