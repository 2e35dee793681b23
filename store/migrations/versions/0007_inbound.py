"""Mail that came in, and how far each mailbox was read."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
UNREAD = sa.text("state IN ('new', 'leased')")
WAITS = sa.text("state IN ('held', 'unmatched', 'quarantined')")
SPENT = sa.text("raw IS NOT NULL AND settled_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "inbound",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("envelope_from", sa.String(), nullable=True),
        sa.Column("rcpt", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("twin", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["org"], ["organisations.key"], name=op.f("fk_inbound_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
        sa.UniqueConstraint("org", "sha256", "rcpt", name=op.f("uq_inbound_sha256")),
    )
    op.create_index("ix_inbound_message_id", "inbound", ["org", "message_id"], unique=False)
    for name, columns, those in (
        ("unread", ["org", "id"], UNREAD),
        ("tray", ["org", "id"], WAITS),
        ("spent", ["org", "settled_at"], SPENT),
    ):
        op.create_index(
            f"ix_inbound_{name}", "inbound", columns, unique=False, sqlite_where=those, postgresql_where=those
        )
    op.create_table(
        "mailboxes",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org"], ["organisations.key"], name=op.f("fk_mailboxes_org")),
        sa.PrimaryKeyConstraint("org", "source", name=op.f("pk_mailboxes")),
    )


def downgrade() -> None:
    op.drop_table("mailboxes")
    op.drop_table("inbound")
