"""The ways by which mail comes in: a mailbox over IMAP, a mail server that hands it on, a folder, a pipe."""
