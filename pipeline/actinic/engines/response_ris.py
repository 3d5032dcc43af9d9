"""Minimal fitting functions of the cheap tier of excited states, TDDFT-ris (doi:10.1021/acs.jpclett.2c03698).

The exchange-correlation kernel is left out, and the pair densities are fitted by one s function per atom with
the exponent 0.2 / R^2; for the Coulomb part atoms other than hydrogen add a p function of the same exponent,
as the authors' own programs do (github.com/John-zzh/TDDFT-ris, option s+p). Orbitals and their energies stay
those of the ground state.
"""

from pyscf import df, gto

from actinic.engines.dft import GroundState
from actinic.engines.fitting import SquareFit
from actinic.engines.three_centre import COULOMB
from actinic.errors import InputError
from actinic.units import BOHR_ANGSTROM

THETA = 0.2
"""Optimised on small organic molecules in the method's first paper; used for all elements."""

RADII_ANGSTROM = {
    "H": 0.5292, "He": 0.3113,
    "Li": 1.6283, "Be": 1.0855, "B": 0.8141, "C": 0.6513, "N": 0.5428, "O": 0.4652,
    "F": 0.4071, "Ne": 0.3618,
    "Na": 2.1650, "Mg": 1.6711, "Al": 1.3608, "Si": 1.1477, "P": 0.9922, "S": 0.8739,
    "Cl": 0.7808, "Ar": 0.7056,
    "K": 3.2930, "Ca": 2.5419, "Sc": 2.4149, "Ti": 2.2998, "V": 2.1953, "Cr": 2.1000,
    "Mn": 2.0124, "Fe": 1.9319, "Co": 1.8575, "Ni": 1.7888, "Cu": 1.7250, "Zn": 1.6654,
    "Ga": 1.4489, "Ge": 1.2823, "As": 1.1450, "Se": 1.0424, "Br": 0.9532, "Kr": 0.8782,
    "Rb": 3.8487, "Sr": 2.9709, "Y": 2.8224, "Zr": 2.6880, "Nb": 2.5658, "Mo": 2.4543,
    "Tc": 2.3520, "Ru": 2.2579, "Rh": 2.1711, "Pd": 2.0907, "Ag": 2.0160, "Cd": 1.9465,
    "In": 1.6934, "Sn": 1.4986, "Sb": 1.3440, "Te": 1.2183, "I": 1.1141, "Xe": 1.0263,
}  # fmt: skip
"""Where the outermost orbital by Slater's rules is densest (doi:10.3390/i3020087). The source goes on to
lawrencium, but counts f electrons as outermost, which leaves mercury smaller than oxygen: not taken over."""


def minimal_fits(ground: GroundState) -> tuple[SquareFit, SquareFit | None]:
    """Fits of 1/r with s and p functions and of the exchange operator with s functions alone.

    The second is None for a pure functional. What it yields is scaled like `ground.exchange`.

    Raises:
        InputError: An element without a radius.
    """
    coulomb = SquareFit.build(ground.mol, minimal_functions(ground.mol, with_p=True), COULOMB)
    if ground.exchange is None:
        return coulomb, None
    operator = ground.functional.exchange if ground.functional.is_range_separated else COULOMB
    return coulomb, SquareFit.build(ground.mol, minimal_functions(ground.mol, with_p=False), operator)


def minimal_functions(mol: gto.Mole, *, with_p: bool) -> gto.Mole:
    """The molecule with one s function on each atom, and one p function on those other than hydrogen.

    Raises:
        InputError: An element without a radius.
    """
    symbols = {mol.atom_pure_symbol(atom) for atom in range(mol.natm)}
    missing = sorted(symbols - RADII_ANGSTROM.keys())
    if missing:
        raise InputError(
            f"tier 'ris' of the excited states has no radius for {', '.join(missing)}, only for H to Xe: "
            "use tier 'full'"
        )
    basis = {}
    for symbol in symbols:
        exponent = THETA / (RADII_ANGSTROM[symbol] / BOHR_ANGSTROM) ** 2
        angular = (0, 1) if with_p and symbol != "H" else (0,)
        basis[symbol] = [[l, [exponent, 1.0]] for l in angular]  # noqa: E741 - its name
    return df.addons.make_auxmol(mol, basis)
