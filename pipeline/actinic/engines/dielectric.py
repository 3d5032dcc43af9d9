"""Relative permittivities of what a continuum may be, for tight binding and DFT alike."""

from actinic.errors import InputError

DIELECTRIC_CONSTANTS = {
    "acetone": 20.493,
    "acetonitrile": 35.688,
    "benzene": 2.2706,
    "chlorobenzene": 5.6968,
    "chloroform": 4.7113,
    "cyclohexane": 2.0165,
    "dichloromethane": 8.93,
    "dmf": 37.219,
    "dmso": 46.826,
    "ethanol": 24.852,
    "ethyl acetate": 5.9867,
    "hexane": 1.8819,
    "methanol": 32.613,
    "octane": 1.9406,
    "organic film": 3.0,
    "thf": 7.4257,
    "toluene": 2.3741,
    "water": 78.3553,
}
"""Relative permittivity at 298 K, Minnesota Solvent Descriptor Database (doi:10.1021/jp810292n).

That of an organic film is a convention, in the middle of what amorphous films of small molecules have.
"""


def dielectric_constant(solvent: str) -> float:
    """Relative permittivity at 298 K.

    Raises:
        InputError: `solvent` is not in the table.
    """
    if solvent not in DIELECTRIC_CONSTANTS:
        raise InputError(
            f"solvent {solvent!r} is not known; expected one of {', '.join(DIELECTRIC_CONSTANTS)}"
        )
    return DIELECTRIC_CONSTANTS[solvent]
