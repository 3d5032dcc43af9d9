"""Where a text stops being SMILES, in words and positions; RDKit says it on a log only."""

import re
from collections import Counter

_BLANK = re.compile(r"\s")
_TOKEN = re.compile(
    r"\[[^\[\]]+\]|Cl|Br|[BCNOPSFIbcnops*]|%\(\d{1,5}\)|%\d\d|\d|->|<-|[-=#$:~/\\.()]",
    re.ASCII,
)
_BRACKET_NUMBERS = re.compile(
    r"(?<!@O)(?<!@T)H(?P<hydrogens>\d{2,})|(?P<sign>[+-])(?P<charge>\d+)|(?P<isotope>\d{4,})",
    re.ASCII,
)
_MAX_CHARGE = 15
"""OpenSMILES; RDKit keeps a charge in one byte and lets +257 pass for +1."""

_RING = re.compile(r"%\(\d{1,5}\)|%\d\d|\d", re.ASCII)


def syntax_problem(smiles: str) -> str:
    """The first thing wrong with the spelling; empty when nothing is found.

    >>> syntax_problem("C1CCCC")
    'ring 1 is not closed'
    >>> syntax_problem("CC(C")
    "1 more '(' than ')'"
    >>> syntax_problem("CQC")
    "'Q' at position 2 is no atom or bond (elements but B C N O P S F Cl Br I go in brackets)"
    """
    if _BLANK.search(smiles):
        return "a blank inside, as before a name or |extensions|"
    foreign = next((place for place, letter in enumerate(smiles) if not letter.isascii()), None)
    if foreign is not None:
        return f"'{smiles[foreign]}' at position {foreign + 1} is not ASCII"
    tokens, bad = _tokens(smiles)
    if bad is not None:
        return _spelling(smiles, bad)
    return _bracket_numbers(tokens) or _parentheses(tokens) or _rings(tokens)


def _tokens(smiles: str) -> tuple[list[str], int | None]:
    """The tokens, and the index of the first character that starts none."""
    tokens: list[str] = []
    at = 0
    while at < len(smiles):
        match = _TOKEN.match(smiles, at)
        if match is None:
            return tokens, at
        tokens.append(match[0])
        at = match.end()
    return tokens, None


def _spelling(smiles: str, at: int) -> str:
    if smiles[at] == "[":
        return f"bracket '[' at position {at + 1} is empty or not closed"
    if smiles[at] == "{":
        return "'{' is polymer notation, not a whole molecule with its ends capped by H or CH3"
    return (
        f"{smiles[at]!r} at position {at + 1} is no atom or bond "
        "(elements but B C N O P S F Cl Br I go in brackets)"
    )


def _bracket_numbers(tokens: list[str]) -> str:
    """Counts no atom can have, which RDKit overflows or fails on."""
    for token in tokens:
        for found in _BRACKET_NUMBERS.finditer(token.partition(":")[0] if token[0] == "[" else ""):
            if found["hydrogens"]:
                return f"{token} has {found['hydrogens']} hydrogens; at most 9 can be written"
            if found["charge"] and int(found["charge"]) > _MAX_CHARGE:
                return f"{token} has charge {found['sign']}{found['charge']}; at most {_MAX_CHARGE} counts"
            if found["isotope"]:
                return f"{token} has a mass of {found['isotope']}; at most three digits count"
    return ""


def _parentheses(tokens: list[str]) -> str:
    depth = 0
    for token in tokens:
        depth += (token == "(") - (token == ")")
        if depth < 0:
            return "a ')' without '('"
    return f"{depth} more '(' than ')'" if depth else ""


def _rings(tokens: list[str]) -> str:
    counts = Counter(int(token.strip("%()")) for token in tokens if _RING.fullmatch(token))
    odd = [str(number) for number, count in counts.items() if count % 2]
    return f"ring {', '.join(odd)} is not closed" if odd else ""
