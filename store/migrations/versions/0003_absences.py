"""Who is away, and who stands in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("substitute", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["org"], ["organisations.key"], name=op.f("fk_absences_org")),
        sa.PrimaryKeyConstraint("org", "position", name=op.f("pk_absences")),
    )


def downgrade() -> None:
    op.drop_table("absences")
