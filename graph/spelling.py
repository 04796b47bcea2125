"""One fixed spelling of values, snaks and passages: what ids and hashes are made of, whatever the root."""

from graph.model import Passage, Snak, Value


def spelled(value: Value) -> str:
    """Give a value in one fixed spelling, without the build's root."""
    fields = (str(getattr(value, name)) for name in value.__slots__)
    return f"{type(value).__name__}({'|'.join(fields)})"


def spelled_snak(snak: Snak) -> str:
    """Give a snak in one fixed spelling."""
    return f"{snak.property}={spelled(snak.value)}"


def passage_path(passage: Passage) -> str:
    """Give the path of a passage below the root: `passage/NAME/12-34`."""
    return f"passage/{passage.text}/{passage.span.start}-{passage.span.end}"
