"""Every case knows the day on which the report on its plan is due, so that rules may count by it."""

from alembic import op

revision = "0008"
down_revision = "0007"
PLANS_OWN = "SELECT p.due FROM cases AS p WHERE p.org = cases.org AND p.ref = cases.plan"
REPORTS = (
    "SELECT r.due FROM cases AS r WHERE r.org = cases.org AND r.plan = cases.plan AND r.kind = 'report' "
    "AND r.due IS NOT NULL ORDER BY r.position LIMIT 1"
)


def upgrade() -> None:
    op.execute(f"UPDATE cases SET report_due = COALESCE(({PLANS_OWN}), ({REPORTS}))")
    op.execute("UPDATE cases SET wake_on = entered_on WHERE report_due IS NOT NULL AND wake_on > entered_on")


def downgrade() -> None:
    op.execute("UPDATE cases SET report_due = NULL")
