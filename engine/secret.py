"""Secrets that travel with somebody who signs in: made from chance, and kept only as a digest."""

import hmac
import secrets

from engine.link import BITS, digest_of, token_of


def fresh() -> str:
    return token_of(secrets.token_bytes(BITS // 8))


def fits(secret: str, digest: str) -> bool:
    return bool(secret) and hmac.compare_digest(digest_of(secret), digest)


def code_of(secret: str) -> str:
    """Six figures that a person can carry from one screen to another; who has the secret has them too."""
    return f"{int(digest_of(f'code {secret}')[:15], 16) % 1_000_000:06}"
