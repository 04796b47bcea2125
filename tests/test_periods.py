"""Bounds of dates are those of the edtf library; a battle's unknown end is bounded by the battle above it."""

from dataclasses import replace
from datetime import date

import pytest
from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import authority
from graph.model import Authority, Entry
from graph.periods import Period, bounds, of_battle

PART = st.integers(0, 32).map("{:02}".format)
YEAR = st.integers(0, 9999).map("{:04}".format)
DATE = st.one_of(
    YEAR,
    st.builds("{}-{}".format, YEAR, PART),
    st.builds("{}-{}-{}".format, YEAR, PART, PART),
    st.dates().map(date.isoformat),
    st.text("0123456789-", max_size=11),
)


def by_the_library(edtf: str) -> tuple[date, date] | None:
    """Give the bounds of one date, without what we do not take: the year 0, and level 2's seasons and long years."""
    try:
        parsed = parse_edtf(edtf)
    except EDTFParseException:
        return None
    if type(parsed).__name__ not in ("Date", "Season") or edtf.startswith("0000"):
        return None
    return date(*parsed.lower_strict()[:3]), date(*parsed.upper_strict()[:3])


def ours(edtf: str) -> tuple[date, date] | None:
    try:
        period = bounds(edtf)
    except ValueError:
        return None
    return period.earliest, period.latest


@settings(max_examples=150, deadline=None, derandomize=True)
@given(DATE)
def test_bounds_are_those_of_the_edtf_library(edtf: str) -> None:
    assert ours(edtf) == by_the_library(edtf)


@pytest.mark.parametrize("season", ["1941-21", "1941-22", "1941-23", "1941-24"])
def test_bounds_of_seasons_are_those_of_the_edtf_library(season: str) -> None:
    assert ours(season) == by_the_library(season)
    assert bounds(season).precision == 8


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.dates(date(1, 2, 1), date(9999, 11, 1)), st.dates(date(1, 2, 1), date(9999, 11, 1)))
def test_an_interval_reaches_from_one_date_to_the_other(one: date, other: date) -> None:
    first, last = sorted((one, other))
    assert bounds(f"{first}/{last}") == Period(first, last, 11, False, True)
    if first != last:
        with pytest.raises(ValueError, match="ends before it begins"):
            bounds(f"{last}/{first}")


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest"),
    [
        ("1941-10-10~", date(1941, 10, 8), date(1941, 10, 12)),
        ("1941-10~", date(1941, 9, 26), date(1941, 11, 5)),
        ("1942~", date(1942, 1, 1), date(1942, 12, 31)),
        ("1941-21/1941-07", date(1941, 3, 1), date(1941, 7, 31)),
    ],
)
def test_about_reaches_further(edtf: str, earliest: date, latest: date) -> None:
    assert ours(edtf) == (earliest, latest)


@pytest.mark.parametrize(
    "words", ["", "1941-9", "十月", "1941-10-10T12", "１９４１", "1939-12/..", "1939-12/", "/1941", "0001-01-01~"]
)
def test_what_is_no_closed_date_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"EDTF|YYYY"):
        bounds(words)


@pytest.fixture(scope="module")
def known() -> Authority:
    return authority.load()


def _without(entry: Entry, *columns: str) -> Entry:
    return replace(entry, facts={name: value for name, value in entry.facts.items() if name not in columns})


def test_a_battle_whose_end_nobody_tells_ends_no_later_than_the_one_above(known: Authority) -> None:
    battle = _without(known.by_name["Battle", "衡阳会战"], "end")
    assert battle.when == "1944-06-23/"
    assert of_battle(battle, known) == Period(date(1944, 6, 23), date(1944, 8, 31), 10, False, True)
    assert of_battle(_without(battle, "parent"), known) is None
    assert of_battle(_without(battle, "start"), known) is None
    assert _without(battle, "start").when is None


def test_a_battle_of_one_day_is_no_interval(known: Authority) -> None:
    battle = known.by_name["Battle", "七七事变"]
    assert battle.when == "1937-07-07"
    assert of_battle(battle, known) == bounds("1937-07-07")
