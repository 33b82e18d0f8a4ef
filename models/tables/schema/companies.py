"""Legal entities, their facilities (accounts) and the deals with them. Imports schema.metadata only."""

from __future__ import annotations

from models.tables.schema.metadata import instant, json, row_id, table, to, whole, words

legal_entity = table(
    "legal_entity",
    row_id(),
    words("key", null=False, unique=True, comment="of the source, or made from number or name"),
    words("name", "company", null=False, comment="as entered"),
    words("corporate_number", "company", index=True, comment="法人番号, 13 digits"),
    words("owner_type", "company", comment="開設主体"),
    words("name_norm", "company", null=False, index=True, comment="for matching only"),
    comment="A legal entity; one may own many facilities",
    keep_ids=True,
)

account = table(
    "account",
    row_id(),
    words("key", null=False, unique=True, comment="of the source, or made from facility code or name"),
    whole("legal_entity_id", to("legal_entity.id"), index=True),
    words("name", "company", null=False, comment="as entered"),
    words("name_kana", "company"),
    words("name_norm", "company", null=False, index=True, comment="for matching only"),
    words("facility_code", "company", index=True, comment="医療機関コード"),
    words("kind", default="other", comment="hospital, clinic, care_home, company, other"),
    words("industry", "company"),
    words("prefecture", "company"),
    words("city", "company"),
    words("postal_code", "company"),
    words("address", "company"),
    words("domain", "company", index=True),
    whole("headcount"),
    whole("beds"),
    words("owner_type", "company", comment="開設主体"),
    words("owner_written", "company", comment="開設主体 as a list wrote it"),
    words("phone", "company", comment="main line of the facility"),
    json("custom", "company", default="{}", comment="typed fields declared in YAML"),
    json("closed", "company", comment="when nobody there reads: weekdays, half-days, days of the month"),
    instant("created_at", null=False),
    instant("changed_at", null=False),
    comment="An account: one facility or site",
    keep_ids=True,
)

opportunity = table(
    "opportunity",
    row_id(),
    words("key", null=False, unique=True),
    whole("account_id", to("account.id"), index=True),
    whole("person_id", to("person.id"), index=True),
    words("stage", null=False, comment="open, won, lost"),
    whole("amount", comment="smallest unit of the currency: yen, cents"),
    words("currency", default="JPY", comment="ISO 4217"),
    instant("opened_at"),
    instant("closed_at"),
    words("loss_reason", "personal", comment="as the salesperson wrote it, so it may name people"),
    words("source"),
    json("custom", "personal", default="{}", comment="typed fields declared in YAML"),
    comment="A deal (商談) with an account",
    keep_ids=True,
)
