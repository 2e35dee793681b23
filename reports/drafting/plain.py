"""A text file."""

from reports.drafting.charsets import decoded
from reports.drafting.contents import MOST_BLOCKS, Contents, Remark, refused
from reports.drafting.lines import blocks


def read_text(raw: bytes) -> Contents:
    text, charset = decoded(raw)
    if not charset:
        return refused("binary")
    parts, heads = blocks(text.replace("\r\n", "\n").replace("\r", "\n"))
    remarks = [Remark("charset", {"charset": charset})] if charset != "utf-8" else []
    remarks += [Remark("page_heads", {"count": len(heads)})] if heads else []
    remarks += [Remark("cut", {"place": parts[-1].place})] if len(parts) == MOST_BLOCKS else []
    return Contents(kind="txt", parts=tuple(parts), heads=tuple(heads), remarks=tuple(remarks))
