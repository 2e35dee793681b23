"""One wording in the three languages of the product."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LANGUAGES: Final = ("nb", "nn", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """The same thing said in bokmål, nynorsk and English."""

    nb: str
    nn: str
    en: str

    @classmethod
    def same(cls, words: str) -> "Text":
        """Words that are the same in every language, such as a name."""
        return cls(words, words, words)

    @classmethod
    def of(cls, words: Mapping[str, str]) -> "Text":
        return cls(**{language: words[language] for language in LANGUAGES})

    def say(self, language: str) -> str:
        return {"nb": self.nb, "nn": self.nn, "en": self.en}[language]
