"""How people chose to have their overview."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "rhythms",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("through", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["org"], ["organisations.key"], name=op.f("fk_rhythms_org")),
        sa.PrimaryKeyConstraint("org", "party", "seq", name=op.f("pk_rhythms")),
    )


def downgrade() -> None:
    op.drop_table("rhythms")
