"""Text that a spreadsheet shows instead of running it."""

import re

_FORMULA = re.compile(r"(?P<before>^\s*|;)(?=[=+\-@\t\r＝＋－＠])")
"""A cell that begins so is a formula; a semicolon begins a cell where commas are decimal points."""

_HARMLESS = re.compile(r"\s*(?:[+-]?\d[\d.,]*(?:[eE][+-]?\d+)?\s*%?|[+-]+)\s*")
"""Numbers, and the dashes that mean nothing measured."""


def harmless(text: str) -> str:
    """`text` with an apostrophe wherever a spreadsheet would begin a formula; everything else as it is.

    After https://owasp.org/www-community/attacks/CSV_Injection, full-width signs included.

    >>> harmless("=HYPERLINK(1)"), harmless("a;@b"), harmless("-5.2"), harmless("(+)-camphor")
    ("'=HYPERLINK(1)", "a;'@b", '-5.2', '(+)-camphor')
    """
    return text if _HARMLESS.fullmatch(text) else _FORMULA.sub(r"\g<before>'", text)
