"""What people answer by, and what they attach."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("for_whom", sa.String(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("cases", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["org"], ["organisations.key"], name=op.f("fk_links_org")),
        sa.ForeignKeyConstraint(["org", "letter"], ["letters.org", "letters.id"], name=op.f("fk_links_org_letter")),
        sa.PrimaryKeyConstraint("org", "digest", name=op.f("pk_links")),
    )
    for column in ("letter", "party", "expires_at"):
        op.create_index(f"ix_links_{column}", "links", ["org", column], unique=False)
    op.create_table(
        "documents",
        sa.Column("org", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org", "ref"], ["cases.org", "cases.ref"], name=op.f("fk_documents_org_ref")),
        sa.PrimaryKeyConstraint("org", "ref", "id", name=op.f("pk_documents")),
    )


def downgrade() -> None:
    op.drop_table("documents")
    op.drop_table("links")
