"""The house's own promise: every test starts from an empty database, on both kinds."""

import pytest
from sqlalchemy import create_engine, inspect, text


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_starts_from_an_empty_database(database_url: str, turn: int) -> None:
    engine = create_engine(database_url)
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE letters (title VARCHAR(40))"))
        connection.execute(text("INSERT INTO letters VALUES ('事例のご案内')"))
        assert connection.scalar(text("SELECT title FROM letters")) == "事例のご案内"
    engine.dispose()


def test_postgres_sorts_by_japanese_rules_so_that_bytes_have_to_be_asked_for(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 'b' < 'C'")) is True
        assert connection.scalar(text("""SELECT 'b' COLLATE "C" < 'C'""")) is False
    engine.dispose()
