"""Records of SD files: the structure gives the SMILES, title and data items give the columns."""

import re
from collections.abc import Iterator
from itertools import takewhile

from rdkit import Chem, rdBase

from actinic.chemistry.admission import problem
from actinic.chemistry.delimited import COLUMNS
from actinic.chemistry.listfile import Line, Row

MAX_RECORD_LINES = 20_000
_ITEM = re.compile(r">.*?<(?P<name>[^>]+)>")


def sdf_rows(lines: Iterator[Line]) -> Iterator[Row]:
    """Read record by record; a record without a readable structure says so and costs no other."""
    for first in lines:
        rest = takewhile(lambda line: line.text.strip() != "$$$$", lines)
        record = [] if first.text.strip() == "$$$$" else [first.text]
        surplus = 0
        for line in rest if record else ():
            if len(record) < MAX_RECORD_LINES:
                record.append(line.text)
            else:
                surplus += 1
        if any(text.strip() for text in record):
            yield _row(first.number, record, surplus)


def _row(number: int, record: list[str], surplus: int) -> Row:
    end = next((i for i, text in enumerate(record) if text.startswith("M  END")), len(record))
    items = {"name": record[0].strip()} if record[0].strip() else {}
    items |= _items(record[end + 1 :])
    smiles, fault = _structure("\n".join([*record[: end + 1], ""]))
    if surplus:
        fault = f"a record of over {MAX_RECORD_LINES} lines; expected '$$$$' at the end of each record"
    elif end == len(record):
        fault = "a record without 'M  END'; expected a molfile (V2000 or V3000)"
    return Row(number, (("smiles", smiles), *items.items()), fault)


def _items(texts: list[str]) -> dict[str, str]:
    """Data items of a record; an item named smiles is kept as `sdf_smiles`, the structure decides."""
    items: dict[str, str] = {}
    remaining = iter(texts)
    for text in remaining:
        match = _ITEM.match(text)
        if match is None:
            continue
        name = match["name"].strip()
        name = name.lower() if name.lower() in COLUMNS else name
        value = " ".join(takewhile(lambda line: line.strip() != "", remaining))
        items["sdf_smiles" if name == "smiles" else name] = value
    return items


def _structure(block: str) -> tuple[str, str]:
    """SMILES of a molfile, or why it has none."""
    with rdBase.BlockLogs():
        molecule = Chem.MolFromMolBlock(block)
        if molecule is not None and molecule.GetNumAtoms():
            return Chem.MolToSmiles(molecule), ""
        raw = Chem.MolFromMolBlock(block, sanitize=False)
    reason = problem(raw) if raw is not None and raw.GetNumAtoms() else "no atoms can be read"
    return "", f"the structure is no molecule: {reason or 'it cannot be sanitised'}"
