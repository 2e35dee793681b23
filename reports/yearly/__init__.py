"""The report after a year: what is and will be done, by whom and when; as facts, as words, and as a document."""
