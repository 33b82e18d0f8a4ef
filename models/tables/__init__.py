"""Tables: SQLAlchemy Core, Alembic migrations, bulk statements. May import journeys.core; knows no channel and no page.

Start with schema/ (what is stored), engine.py (open, begin_write, begin_read), migrations (upgrade) and bulk.py.
Nothing is imported here, so that `hagukumi --help` does not wait for SQLAlchemy.
"""
