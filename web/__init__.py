"""Pages for people: what stands, what comes, what happened, and every letter."""
