"""What the calculations of a run took and where they failed, noted while a report looks them up."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from actinic.calculations import kinds
from actinic.calculations.ensemble import EnsembleRequest
from actinic.calculations.kinds import Request
from actinic.calculations.outcome import Outcome
from actinic.screening.lookup import Lookup
from actinic.screening.retry import CLASSES


@dataclass(frozen=True, slots=True)
class Used:
    """What the results of one kind took.

    Attributes:
        kind: Kind of calculation.
        number: Of results.
        core_s: Processor time of all of them.
        core_s_per_heavy_atom: Mean over the results; hydrogen alone counts as one.
        peak_memory_mb: Highest of any.
        largest_heavy_atoms: Of the largest molecule.
    """

    kind: str
    number: int
    core_s: float
    core_s_per_heavy_atom: float
    peak_memory_mb: float
    largest_heavy_atoms: int


@dataclass(frozen=True, slots=True)
class FailedClass:
    """Failed calculations that the same remedy may help.

    Attributes:
        error_class: Name of the class.
        number: Of calculations.
        example: One of them: kind, whose it is, and why.
    """

    error_class: str
    number: int
    example: str


@dataclass(slots=True)
class Noted:
    """A lookup that remembers what it handed out.

    Attributes:
        lookup: Where to look.
        item: For whom is being looked, to name an example.
    """

    lookup: Lookup
    item: str = ""
    _results: dict[str, tuple[str, int, float, float]] = field(default_factory=dict)
    _settings: dict[str, str] = field(default_factory=dict)
    _failures: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __call__(self, request: Request) -> Outcome | None:
        """As the lookup."""
        outcome = self.lookup(request)
        if outcome is not None:
            self._note(request, outcome)
        return outcome

    def used(self) -> list[Used]:
        """By kind, in the order of the tiers."""
        names = [kind.name for kind in kinds.KINDS.values()]
        of_kind = {name: [one for one in self._results.values() if one[0] == name] for name in names}
        return [_used(name, found) for name, found in of_kind.items() if found]

    def settings(self) -> dict[str, int]:
        """How many results needed other settings than those asked for, by kind and settings."""
        return dict(sorted(Counter(self._settings.values()).items()))

    def failed(self) -> list[FailedClass]:
        """By class."""
        grouped: dict[str, list[str]] = {name: [] for name in CLASSES}
        for error_class, example in self._failures.values():
            grouped.setdefault(error_class, []).append(example)
        return [FailedClass(name, len(found), found[0]) for name, found in grouped.items() if found]

    def _note(self, request: Request, outcome: Outcome) -> None:
        key, name = kinds.key(request), kinds.kind_of(request).name
        if outcome.failure is not None:
            failure = outcome.failure
            self._failures.setdefault(
                key, (failure.error_class, f"{name} for {self.item}: {failure.message}")
            )
        elif key not in self._results:
            took = outcome.provenance
            self._results[key] = (name, n_heavy_atoms(request), took.cpu_s, took.peak_memory_mb)
            if outcome.settings:
                self._settings[key] = f"{name} with {outcome.settings}"


def n_heavy_atoms(request: Request) -> int:
    """Atoms that are not hydrogen."""
    if isinstance(request, EnsembleRequest):
        return int(request.species.molecule().GetNumHeavyAtoms())
    return request.geometry.n_heavy_atoms


def _used(name: str, found: Iterable[tuple[str, int, float, float]]) -> Used:
    listed = list(found)
    shares = [core_s / max(1, heavy) for _, heavy, core_s, _ in listed]
    return Used(
        kind=name,
        number=len(listed),
        core_s=sum(core_s for _, _, core_s, _ in listed),
        core_s_per_heavy_atom=sum(shares) / len(shares),
        peak_memory_mb=max(peak_mb for *_, peak_mb in listed),
        largest_heavy_atoms=max(heavy for _, heavy, _, _ in listed),
    )
