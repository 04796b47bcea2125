"""Numerals in Chinese characters -> Arabic figures."""

DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
POWERS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10_000, "亿": 100_000_000}


def figures(numeral: str) -> str:
    """Give a numeral below the myriads in figures: read by place, zeros in front kept, or by power.

    >>> figures("一一六"), figures("〇八"), figures("四千八百"), figures("廿三")
    ('116', '08', '4800', '23')
    """
    plain = numeral.replace("廿", "二十").replace("卅", "三十")
    if not any(c in POWERS for c in plain):
        return "".join(str(DIGITS[c]) for c in plain)
    total = digit = 0
    for c in plain:
        if c in POWERS:
            total, digit = total + (digit or 1) * POWERS[c], 0
        else:
            digit = DIGITS[c]
    return str(total + digit)
