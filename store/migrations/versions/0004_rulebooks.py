"""By which rules the alarm of a case was set, and which rules the service has taken up."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("cases", sa.Column("rules", sa.String(), nullable=False, server_default=sa.text("''")))
    op.add_column("cases", sa.Column("replanned_seq", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.create_table(
        "rulebooks",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["org"], ["organisations.key"], name=op.f("fk_rulebooks_org")),
        sa.PrimaryKeyConstraint("org", "name", name=op.f("pk_rulebooks")),
    )


def downgrade() -> None:
    op.drop_table("rulebooks")
    op.drop_column("cases", "replanned_seq")
    op.drop_column("cases", "rules")
