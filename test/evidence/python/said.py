"""What a bundle's bytes say: JSON in the one way JavaScript writes it, CSV, Avro, base64."""

import base64
import json
import math
import re


def number_text(value):
    """ECMA-262, Number::toString."""
    if value == 0:
        return "0"
    sign, digits, exponent = re.fullmatch(r"(-?)([0-9.]+)(?:e([-+]?[0-9]+))?", repr(float(value))).groups()
    whole, _, part = digits.partition(".")
    part = "" if part == "0" else part
    figures = (whole + part).lstrip("0")
    n = len(whole.lstrip("0")) if whole.strip("0") else -(len(part) - len(part.lstrip("0")))
    n += int(exponent or 0)
    figures = figures.rstrip("0")
    k = len(figures)
    if k <= n <= 21:
        text = figures + "0" * (n - k)
    elif 0 < n <= 21:
        text = f"{figures[:n]}.{figures[n:]}"
    elif -6 < n <= 0:
        text = f"0.{'0' * -n}{figures}"
    else:
        rest = "" if k == 1 else f".{figures[1:]}"
        text = f"{figures[0]}{rest}e{'+' if n > 0 else '-'}{abs(n - 1)}"
    return sign + text


class Number(float):
    """A number that keeps how it is written."""


def _number(text):
    value = Number(text)
    if not math.isfinite(value) or number_text(value) != text:
        raise ValueError("a number that is written in another way")
    return value


def _refused(_):
    raise ValueError("is no JSON")


def _record(pairs):
    found = dict(pairs)
    places = [int(key) for key in found if re.fullmatch(r"0|[1-9][0-9]{0,9}", key)]
    if len(found) != len(pairs) or list(found)[: len(places)] != [str(one) for one in sorted(places)]:
        raise ValueError("keys twice, or in an order that JavaScript does not keep")
    return found


_DECODER = json.JSONDecoder(parse_float=_number, parse_int=_number, parse_constant=_refused, object_pairs_hook=_record)


def written(value):
    if isinstance(value, Number):
        return number_text(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{written(key)}:{written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def canonical(text):
    """The value of a line; None where it is no JSON, or is not written as JavaScript would write it."""
    try:
        value = _DECODER.decode(text)
        return value if written(value) == text else None
    except (ValueError, RecursionError):
        return None


def loose(bytes_):
    """The value of a file that people read; None where it is no JSON."""
    try:
        return json.loads(bytes_.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def at(value, *path):
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def text(value, *path):
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def many(value, *path):
    found = at(value, *path)
    return found if isinstance(found, list) else []


def b64(words):
    """Bytes that are written in the one way there is; none where they are written in another."""
    try:
        found = base64.b64decode(words, validate=True)
    except (ValueError, TypeError):
        return b""
    return found if base64.b64encode(found).decode() == words else b""


def csv_line(cells):
    return ",".join(map(_cell, cells)) + "\r\n"


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return number_text(value)
    words = value if isinstance(value, str) else written(value)
    apostrophe = "'" if words[:1] in tuple("=+-@\t\r\n\0＝＋－＠") and words else ""
    return '"' + (apostrophe + words).replace('"', '""') + '"'


class Bytes:
    """Avro 1.12, binary: texts and whole numbers."""

    def __init__(self, whole):
        self.whole, self.place = whole, 0

    def take(self, length):
        if length < 0 or self.place + length > len(self.whole):
            raise ValueError("cut short")
        self.place += length
        return self.whole[self.place - length : self.place]

    def long(self):
        total, shift = 0, 0
        while True:
            byte = self.take(1)[0]
            total |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return total >> 1 ^ -(total & 1)

    def string(self):
        return self.take(self.long()).decode("utf-8")
