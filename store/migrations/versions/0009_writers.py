"""Who writes from which addresses and for whom, and the absences that mail tells of."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    for name in ("addresses", "delegates"):
        op.add_column("persons", sa.Column(name, sa.Text(), server_default=sa.text("'[]'"), nullable=False))
    op.create_index("ix_inbound_letter", "inbound", ["org", "letter"], unique=False)
    op.create_index("ix_inbound_party", "inbound", ["org", "party", "received_at"], unique=False)
    op.create_table(
        "suggestions",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("substitute", sa.String(), nullable=False),
        sa.Column("named", sa.String(), nullable=False),
        sa.Column("left", sa.Boolean(), nullable=False),
        sa.Column("fate", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["org"], ["organisations.key"], name=op.f("fk_suggestions_org")),
        sa.ForeignKeyConstraint(["id"], ["inbound.id"], name=op.f("fk_suggestions_id")),
        sa.PrimaryKeyConstraint("org", "id", name=op.f("pk_suggestions")),
    )
    op.create_index("ix_suggestions_fate", "suggestions", ["org", "fate", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("suggestions")
    for name in ("party", "letter"):
        op.drop_index(f"ix_inbound_{name}", "inbound")
    for name in ("delegates", "addresses"):
        op.drop_column("persons", name)
