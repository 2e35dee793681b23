"""Real processes of the service on one real database, killed at random moments: what is lost, what comes twice?"""
