"""Numerals in Arabic figures and in Chinese characters -> whole numbers."""

from decimal import Decimal

from graph.numerals import DIGITS, MYRIADS, POWERS, figures

# A numeral below the myriads, in the characters of a regular expression.
CHINESE = "[〇零一二三四五六七八九十百千廿卅两]"
ORDINAL = "(?:[0-9]{1,4}|[〇零一二三四五六七八九十百千廿卅]{1,6})"


def value(numeral: str) -> int | None:
    """Give the whole number that a numeral states, or None where it is none.

    >>> value("一一六"), value("四千八百"), value("廿三"), value("10")
    (116, 4800, 23, 10)
    """
    if numeral.isascii():
        return int(numeral) if numeral.isdigit() else None
    known = all(c in DIGITS or c in POWERS or c in "廿卅" for c in numeral)
    return int(figures(numeral)) if numeral and known else None


def amount(words: str) -> Decimal | None:
    """Give the figure that words like 「1万1千」, 「5.4万」, 「三十万」 state, or None.

    >>> amount("3万6358"), amount("5.4万"), amount("一万七千")
    (Decimal('36358'), Decimal('54000'), Decimal('17000'))
    """
    total, part, seen = Decimal(0), "", False
    section = Decimal(0)
    for c in words.replace(",", ""):
        if c in MYRIADS:
            here = _plain(part) if part else Decimal(0)
            if here is None:
                return None
            total, section, part = total + (section + here) * MYRIADS[c], Decimal(0), ""
        elif c in "百千" and part and part.replace(".", "").isdigit() and part.isascii():
            section, part = section + Decimal(part) * POWERS[c], ""
        else:
            part += c
        seen = True
    rest = _plain(part) if part else Decimal(0)
    if rest is None or not seen:
        return None
    figure = total + section + rest
    return figure.quantize(Decimal(1)) if figure == figure.to_integral_value() else figure.normalize()


def _plain(part: str) -> Decimal | None:
    if part.isascii():
        return Decimal(part) if part.replace(".", "", 1).isdigit() else None
    whole = value(part)
    return None if whole is None else Decimal(whole)
