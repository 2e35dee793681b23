"""Whoever takes letters, and what it means when one is not taken."""

from typing import Protocol


class SendError(Exception):
    """A letter that the server did not take. `permanent`: it never will. `unknown`: it may have it all the same.
    `lost`: the connection is gone, so nothing else can be sent over it either. `nobody`: it is the address that is
    wrong, so no other letter will arrive there."""

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        unknown: bool = False,
        lost: bool = False,
        nobody: bool = False,
    ) -> None:
        super().__init__(message)
        self.permanent, self.unknown, self.lost, self.nobody = permanent or nobody, unknown, lost, nobody


class Post(Protocol):
    async def send(self, raw: bytes, *, sender: str, recipient: str) -> str:
        """The server's answer when it has taken the letter, else SendError."""
        ...
