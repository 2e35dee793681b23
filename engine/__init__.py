"""The rules of follow-up: nouns, moves, deadlines, escalation, calendar. No database, no mail, no clock, no files."""
