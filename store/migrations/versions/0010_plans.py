"""Plans are found by an index of their own, and it is remembered for which digest they have all been entered."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
PLANS = sa.text("ref = plan")


def upgrade() -> None:
    op.add_column("inspections", sa.Column("daily", sa.Date(), nullable=True))
    op.create_index("ix_cases_plans", "cases", ["org", "position"], sqlite_where=PLANS, postgresql_where=PLANS)


def downgrade() -> None:
    op.drop_index("ix_cases_plans", "cases")
    op.drop_column("inspections", "daily")
