"""Owner types are told in one vocabulary when the tables are brought up to date; what stood there is kept."""

from sqlalchemy import Engine, insert, select

from models.tables import migrations
from models.tables.engine import begin_write
from models.tables.schema import account, legal_entity
from tests.store.test_tables import NOW

ENTITIES = (("日本赤十字社", None), ("社会福祉法人恩賜財団済生会", "社会福祉法人"), ("株式会社青葉", "会社"))
PLACES = (
    ("青葉病院", "医療法人社団", None),
    ("若葉病院", "市立", None),
    ("星影病院", "医療法人", None),
    ("桜坂病院", "ふしぎな法人", None),
    ("楓病院", None, 1),
    ("市立萩病院", "公立", None),
    ("柊クリニック", None, None),
)


def test_stored_facilities_get_the_owner_types_of_today_and_keep_what_was_written(engine: Engine) -> None:
    with begin_write(engine) as conn:
        for name, owner in ENTITIES:
            conn.execute(insert(legal_entity), {"key": name, "name": name, "name_norm": name, "owner_type": owner})
        conn.exec_driver_sql("ALTER TABLE account DROP COLUMN owner_written")
        for name, owner, entity in PLACES:
            values = {"key": name, "name": name, "name_norm": name, "owner_type": owner, "legal_entity_id": entity}
            conn.execute(insert(account), {**values, "created_at": NOW, "changed_at": NOW})
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '0015'")
    assert migrations.upgrade(engine)
    with engine.connect() as conn:
        query = select(account.c.owner_type, account.c.owner_written).order_by(account.c.id)
        places = conn.execute(query).tuples().all()
        entities = conn.scalars(select(legal_entity.c.owner_type).order_by(legal_entity.c.id)).all()
    assert places == [
        ("医療法人", "医療法人社団"), ("公立", "市立"), ("医療法人", "医療法人"), (None, "ふしぎな法人"),
        ("日赤", None), ("公立", "公立"), (None, None),
    ]  # fmt: skip
    assert entities == ["日赤", "済生会", "会社"]
