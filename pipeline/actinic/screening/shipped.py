"""Calculations shipped with the package, usable after their kind has a new version."""

import gzip
from importlib.resources import as_file, files
from pathlib import Path

import msgspec

from actinic.calculations import kinds
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome, Provenance
from actinic.errors import InputError
from actinic.screening.store import Record
from actinic.screening.store_export import ExportedResults

_DECODER = msgspec.json.Decoder(Record)


class Shipped:
    """Looks results up in an export of the package.

    A table of errors is a statement about calculations that were made; a new version of a kind does not
    unmake it. Results of older versions are handed out for the requests they answered, and `outdated` says
    of which kinds.

    Args:
        path: What `store_export.export` wrote.

    Attributes:
        outdated: Version by which a kind was computed, of kinds that have another one now.

    Raises:
        InputError: The export is missing or damaged.
    """

    def __init__(self, path: Path) -> None:
        self.outdated: dict[str, int] = {}
        self._older: dict[bytes, Outcome] = {}
        if not path.is_file():
            raise InputError(f"{path}: not shipped; --recompute --ship makes it")
        self._exported = ExportedResults(path)
        if self._exported.skipped:
            self._read_older(path.read_bytes())

    @classmethod
    def of(cls, folder: str, name: str) -> "Shipped":
        """The export `name` in a folder of the package's reference data; raises as the class does."""
        with as_file(files("actinic").joinpath("reference", folder, name)) as path:
            return cls(path)

    def __call__(self, request: Request) -> Outcome | None:
        """The result for `request`, of this version or of the one shipped."""
        found = self._exported.lookup(request)
        return self._older.get(kinds.encode(request)) if found is None else found

    def _read_older(self, data: bytes) -> None:
        versions = {kind.name: kind.version for kind in kinds.KINDS.values()}
        for text in gzip.decompress(data).splitlines():
            record = _DECODER.decode(text)
            if record.version == versions.get(record.kind):
                continue
            try:
                request = kinds.decode_request(bytes(record.request))
                result = kinds.decode_result(bytes(record.result))
            except msgspec.ValidationError:  # the kind asks or answers in another form now
                continue
            provenance = msgspec.json.decode(record.provenance, type=Provenance)
            self._older[kinds.encode(request)] = Outcome(result, None, provenance)
            self.outdated[record.kind] = record.version
