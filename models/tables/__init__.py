"""Tables: SQLAlchemy Core, Alembic migrations, bulk statements.

May import the pure parts; knows no channel and no page.
"""
