"""Noun groups -> the roles that they fill by a frame of `rules/frames.toml`."""

from collections.abc import Iterator, Mapping, Sequence

from graph.model import Mention
from graph.reader.phrases import Group

# Places that are lines and things at once: an object of destruction.
_LINES = ("路", "线", "桥", "机场", "车站")


def fillers(frame: Mapping[str, str], group: Group) -> Iterator[tuple[str, Mention]]:
    """Give the roles that a group fills by a frame."""
    for place in group.places:
        if frame.get("of_place"):
            yield frame["of_place"], place
    for mention in group.heads:
        for slot in _slots(group, mention):
            if frame.get(slot):
                yield frame[slot], mention
                break


def _slots(group: Group, mention: Mention) -> Sequence[str]:
    """Give the names of a frame's parts that a group's case and kind may fill, the best first."""
    case = {"passive": "agent", "by": "subject"}.get(group.case, group.case) or "object"
    if group.kind == "place":
        line = ("object_line",) if mention.canonical.endswith(_LINES) else ()
        places = {"object": (*line, "object_place"), "subject": ("subject_place", "at_place")}
        return places.get(case, (f"{case}_place",))
    if group.kind == "thing":
        return ("patient_thing",) if case == "subject" else ("object_thing",)
    if group.kind in {"number", "award"}:
        return (f"subject_{group.kind}",) if case == "subject" else (f"object_{group.kind}",)
    return (case, f"{case}_person" if mention.type == "Person" else f"{case}_unit")
