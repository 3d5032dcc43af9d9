"""A level of theory as a value with one canonical string.

    gfn2-xtb                       tight binding, gas phase
    gfn2-xtb@gbsa(water)           with a solvent model
    b3lyp/def2-svp                 functional/basis
    b3lyp/def2-svpd@cpcm(toluene)  with a solvent model

>>> Level.parse("B3LYP/def2-SVP@CPCM(Toluene)")
Level(method='b3lyp', basis='def2-svp', solvent_model='cpcm', solvent='toluene')
>>> str(Level.parse(" GFN2-xTB "))
'gfn2-xtb'
"""

import re
from functools import lru_cache

import msgspec

from actinic.errors import InputError

_PATTERN = re.compile(
    r"(?P<method>[a-z0-9][a-z0-9\-_+*]*)"
    r"(?:/(?P<basis>[a-z0-9][a-z0-9\-+*(),]*))?"
    r"(?:@(?P<model>[a-z0-9]+)\((?P<solvent>[a-z0-9\- ,]+)\))?"
)


class Level(msgspec.Struct, frozen=True):
    """Method, basis and solvent.

    Attributes:
        method: Lower-case functional or tight-binding method, as in `b3lyp`, `gfn2-xtb`.
        basis: Lower-case basis set name; None for tight binding, which brings its own.
        solvent_model: `cpcm` (DFT), `gbsa` or `alpb` (tight binding); None in the gas phase.
        solvent: Lower-case solvent name; None exactly when `solvent_model` is.
    """

    method: str
    basis: str | None = None
    solvent_model: str | None = None
    solvent: str | None = None

    @classmethod
    @lru_cache(maxsize=256)
    def parse(cls, text: str) -> "Level":
        """Read `method[/basis][@model(solvent)]`, case and outer blanks ignored.

        Raises:
            InputError: `text` has another shape.
        """
        match = _PATTERN.fullmatch(text.strip().lower())
        if match is None:
            raise InputError(
                f"level of theory {text!r}: expected method[/basis][@model(solvent)], "
                "for example 'gfn2-xtb' or 'b3lyp/def2-svp@cpcm(toluene)'"
            )
        return cls(match["method"], match["basis"], match["model"], match["solvent"])

    @property
    def in_gas_phase(self) -> "Level":
        """The same without a solvent."""
        return Level(self.method, self.basis)

    @property
    def is_tight_binding(self) -> bool:
        """Whether the method is one of the GFN family."""
        return self.method.endswith("-xtb")

    def __str__(self) -> str:
        basis = f"/{self.basis}" if self.basis else ""
        solvent = f"@{self.solvent_model}({self.solvent})" if self.solvent_model else ""
        return f"{self.method}{basis}{solvent}"
