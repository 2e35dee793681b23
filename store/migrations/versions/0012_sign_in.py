"""Signing in by mail, sessions, roles granted by hand, and how often one may ask."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def _instant(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of(table: str, *keys: str) -> tuple[sa.ForeignKeyConstraint, sa.PrimaryKeyConstraint]:
    return (
        sa.ForeignKeyConstraint(["org"], ["organisations.key"], name=op.f(f"fk_{table}_org")),
        sa.PrimaryKeyConstraint("org", *keys, name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("back", sa.Text(), nullable=False),
        _instant("asked_at"),
        _instant("try_at", nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=True),
        _instant("expires_at"),
        _instant("used_at", nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
        *_of("sign_ins", "id"),
    )
    op.create_index("ix_sign_ins_try_at", "sign_ins", ["org", "try_at"], unique=False)
    op.create_index("ix_sign_ins_token", "sign_ins", ["org", "token"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        _instant("began_at"),
        _instant("seen_at"),
        _instant("ends_at"),
        sa.Column("agent", sa.Text(), nullable=False),
        *_of("sessions", "id"),
    )
    op.create_index("ix_sessions_party", "sessions", ["org", "party"], unique=False)
    op.create_table(
        "grants",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        _instant("granted_at"),
        *_of("grants", "person", "role", "plan"),
    )
    op.create_table(
        "buckets",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("level", sa.Float(), nullable=False),
        _instant("at"),
        *_of("buckets", "key"),
    )


def downgrade() -> None:
    for table in ("buckets", "grants", "sessions", "sign_ins"):
        op.drop_table(table)
