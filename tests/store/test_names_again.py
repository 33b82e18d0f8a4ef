"""Names for matching follow the legal forms of today when the tables are brought up to date."""

from sqlalchemy import Engine, insert, select

from hagukumi.pipeline.names import company
from models.tables import migrations
from models.tables.engine import begin_write
from models.tables.schema import account, legal_entity
from tests.store.test_tables import NOW

NAME = "青葉医療生活協同組合"
LATER = (
    "content_request_event",
    "content_request",
    "review_decision",
    "review_item",
    "review",
    "audience_wish",
    "audience_push",
    "audience_member",
    "audience",
    "seat",
    "committee",
    "committee_event",
    "committee_gap",
    "priority",
    "ranking",
    "paper_view",
    "paper_edition",
    "account_freeze",
    "play_event",
    "posting_body",
    "posting",
    "intent_settled",
    "intent_week",
    "intent_signal",
    "intent_topic",
    "intent_company_event",
    "intent_company",
    "intent_period",
    "intent_file",
)
"""Tables of later versions, those that point to others first."""


def test_names_and_made_keys_are_made_again_and_keys_of_a_source_stay(engine: Engine) -> None:
    old = f"name:{NAME}|"
    place = {"created_at": NOW, "changed_at": NOW}
    with begin_write(engine) as conn:
        conn.execute(insert(legal_entity), {"key": old, "name": NAME, "name_norm": NAME})
        conn.execute(insert(legal_entity), {"key": "crm-1", "name": NAME, "name_norm": NAME})
        conn.execute(insert(account), {"key": "k", "name": "青葉病院", "name_norm": "old", **place})
        for table in (*LATER, "target_event", "nomination", "proposal", "target", "agreement"):
            conn.exec_driver_sql(f"DROP TABLE {table}")
        conn.exec_driver_sql("ALTER TABLE account DROP COLUMN owner_written")
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '0004'")
    assert migrations.upgrade(engine)
    found = company(NAME)
    with engine.connect() as conn:
        query = select(legal_entity.c.key, legal_entity.c.name_norm).order_by(legal_entity.c.id)
        rows = conn.execute(query).tuples().all()
        norm = conn.scalar(select(account.c.name_norm))
    assert found.norm == "青葉"
    assert rows == [(f"name:{found.norm}|{found.signature()}", "青葉"), ("crm-1", "青葉")]
    assert norm == company("青葉病院").core


def test_names_written_in_two_ways_are_one_in_tables_that_knew_two(engine: Engine) -> None:
    place = {"created_at": NOW, "changed_at": NOW}
    names = ("瑪瑙ヶ梢病院", "瑪瑙ケ梢病院", "鈴虫病院", "KKR鈴虫病院", "木漏市　鈴虫記念総合病院")
    with begin_write(engine) as conn:
        for name in names:
            conn.execute(insert(account), {"key": name, "name": name, "name_norm": company(name).norm, **place})
        conn.exec_driver_sql("DROP TABLE intent_company_event")
        conn.exec_driver_sql("DROP TABLE account_freeze")
        conn.exec_driver_sql("ALTER TABLE account DROP COLUMN owner_written")
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '0011'")
    assert migrations.upgrade(engine)
    with engine.connect() as conn:
        norms = conn.scalars(select(account.c.name_norm).order_by(account.c.id)).all()
    assert norms == ["瑪瑙ケ梢病院", "瑪瑙ケ梢病院", "鈴虫病院", "鈴虫病院", "鈴虫記念総合病院"]
