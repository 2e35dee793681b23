"""Who cannot be reached, which addresses are refused, and when the service was away."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
NAMES = ("owner", "responsible", "coordinator", "executive")


def upgrade() -> None:
    op.add_column("organisations", sa.Column("operator_digest", sa.String(), server_default="off", nullable=False))
    for name in NAMES:
        op.create_index(f"ix_cases_{name}", "cases", ["org", name], unique=False)
    op.create_table(
        "inspections",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("enrolled", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["org"], ["organisations.key"], name=op.f("fk_inspections_org")),
        sa.PrimaryKeyConstraint("org", name=op.f("pk_inspections")),
    )
    op.create_table(
        "outages",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("began", sa.Date(), nullable=False),
        sa.Column("ended", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["org"], ["organisations.key"], name=op.f("fk_outages_org")),
        sa.PrimaryKeyConstraint("org", "ended", name=op.f("pk_outages")),
    )
    op.create_table(
        "refusals",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org"], ["organisations.key"], name=op.f("fk_refusals_org")),
        sa.PrimaryKeyConstraint("org", "address", name=op.f("pk_refusals")),
    )
    op.create_table(
        "troubles",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("instead", sa.String(), nullable=False),
        sa.Column("cases", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("mended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["org"], ["organisations.key"], name=op.f("fk_troubles_org")),
        sa.PrimaryKeyConstraint("org", "party", "to", name=op.f("pk_troubles")),
    )


def downgrade() -> None:
    for table in ("troubles", "refusals", "outages", "inspections"):
        op.drop_table(table)
    for name in NAMES:
        op.drop_index(f"ix_cases_{name}", "cases")
    op.drop_column("organisations", "operator_digest")
