"""Storage: tables, unit of work, queries and the event log."""
