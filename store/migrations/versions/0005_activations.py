"""Which version of a workflow cases that began with an older one go on under, and who decided it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "activations",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("workflow", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org"], ["organisations.key"], name=op.f("fk_activations_org")),
        sa.PrimaryKeyConstraint("org", "workflow", name=op.f("pk_activations")),
    )


def downgrade() -> None:
    op.drop_table("activations")
