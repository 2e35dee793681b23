"""What a received mail is and says: pure functions from bytes to facts. Nothing is opened, asked or done here."""
