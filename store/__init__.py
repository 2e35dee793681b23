"""SQLModel rows, transactions, reading queries and migrations, on SQLite and PostgreSQL."""
