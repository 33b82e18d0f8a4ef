"""Tables: SQLAlchemy Core, Alembic migrations, bulk statements. May import journeys.core; knows no channel and no page."""
