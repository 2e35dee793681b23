"""Mail that came in becomes what it asks for: who wrote it, what it is about, and one answer. Each mail for itself."""
