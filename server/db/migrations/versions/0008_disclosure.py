"""Monthly entries, published reports and their files, the monthly mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.db.column_types import UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _period() -> list[sa.Column[str] | sa.Column[int]]:
    return [
        sa.Column("form", sa.String(16), primary_key=True),
        sa.Column("period", sa.String(8), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
    ]


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "disclosure_entry",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True)),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
    )
    op.create_index("ix_disclosure_entry_form_year", "disclosure_entry", ["form", "year", "key"])
    op.create_table(
        "disclosure_version",
        *_period(),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
    )
    op.create_table(
        "disclosure_file",
        *_period(),
        sa.Column("format", sa.String(4), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form", "period", "version"],
            ["disclosure_version.form", "disclosure_version.period", "disclosure_version.version"],
        ),
    )
    op.create_table(
        "report_addressee",
        sa.Column("address", sa.String(200), primary_key=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
    )
    op.create_table(
        "report_mail",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(80), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcTime()),
        sa.Column("sent_at", UtcTime()),
        sa.Column("fault", sa.String(300), nullable=False),
        sa.UniqueConstraint("address", "period"),
    )
    op.create_index("ix_report_mail_state", "report_mail", ["state", "next_try_at"])


def downgrade() -> None:
    """Back. Entries, publications and letters are forgotten."""
    for table in (
        "report_mail",
        "report_addressee",
        "disclosure_file",
        "disclosure_version",
        "disclosure_entry",
    ):
        op.drop_table(table)
