"""Ways from a computed to an observed maximum: the line that is shipped, and what was tried against it."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from actinic.analysis.absorption_points import (
    DESCRIPTORS,
    AbsorptionPoint,
    descriptor_matrix,
    measured_ev,
    raw_ev,
)
from actinic.analysis.validation import Line, Real, normal_scale

Points = Sequence[AbsorptionPoint]
Prediction = tuple[Real, Callable[[], Real]]
"""Energies in eV and what works out their standard errors, both of shape (n,): few ask for the latter."""

Model = Callable[[Points], Callable[[Points], Prediction]]
"""Fits to some points; the result predicts others."""

PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 1000.0)
LENGTHS, SIGNALS_EV, NOISES_EV = (1.5, 3.0, 6.0), (0.05, 0.1, 0.2), (0.1, 0.15, 0.2)
HUBER_EV = 0.15

EARLIER_LINE = Line(0.72, 0.75)
"""Fitted to the maxima of 24 molecules at B3LYP/def2-SVP before this set was put together, in eV.

Some of those molecules are in this set: the comparison favours it.
"""

EARLIER_LEVEL = "b3lyp/def2-svp"
EARLIER = f"earlier line, {EARLIER_LINE.slope:g} x + {EARLIER_LINE.intercept:g}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Predictions of points that were left out of the fit.

    Attributes:
        errors_ev: Predicted minus measured, shape (n,).
        spreads: By the places of points that were left out together, what works out their standard errors.
    """

    errors_ev: Real
    spreads: tuple[tuple[list[int], Callable[[], Real]], ...]

    @property
    def standard_errors_ev(self) -> Real:
        """What the fit to the others says of the size of the errors, shape (n,)."""
        found = np.empty(self.errors_ev.size)
        for inside, spread in self.spreads:
            found[inside] = spread()
        return found


def left_out(points: Points, model: Model, groups: Sequence[Hashable]) -> LeftOut:
    """Predict each point from all points of other groups."""
    errors, spreads = np.empty(len(points)), []
    for group in dict.fromkeys(groups):
        inside = [i for i, other in enumerate(groups) if other == group]
        here = [points[i] for i in inside]
        fitted = model([point for point, other in zip(points, groups, strict=True) if other != group])
        predicted, spread = fitted(here)
        errors[inside] = predicted - measured_ev(here)
        spreads.append((inside, spread))
    return LeftOut(errors, tuple(spreads))


def no_line(_: Points) -> Callable[[Points], Prediction]:
    """The computed energy as it is; its error is unknown and given as 0."""
    return lambda points: (raw_ev(points), lambda: np.zeros(len(points)))


def shift(points: Points) -> Callable[[Points], Prediction]:
    """A constant added."""
    offsets = measured_ev(points) - raw_ev(points)
    n = len(points)
    left = (offsets - offsets.mean()) * n / (n - 1)
    return lambda new: (raw_ev(new) + offsets.mean(), _alike(new, left))


def line(points: Points) -> Callable[[Points], Prediction]:
    """A straight line by least squares."""
    return linear(points, lambda some: _with_ones(raw_ev(some)[:, None]), n_free=2)


def fitted_line(points: Points) -> Line:
    """The same without an error."""
    return Line.fit(raw_ev(points), measured_ev(points))


def earlier_line(values: Callable[[Points], Real]) -> Model:
    """The line this one has to beat, of raw energies at `EARLIER_LEVEL`; its error is that of the points."""

    def model(points: Points) -> Callable[[Points], Prediction]:
        errors = EARLIER_LINE(values(points)) - measured_ev(points)
        return lambda new: (EARLIER_LINE(values(new)), _alike(new, errors))

    return model


def robust_line(points: Points) -> Callable[[Points], Prediction]:
    """A straight line that large errors pull less: Huber, Ann. Math. Stat. 1964, 35, 73."""
    design, target = _with_ones(raw_ev(points)[:, None]), measured_ev(points)
    weights = np.ones(len(points))
    for _ in range(50):
        root = np.sqrt(weights)[:, None]
        fit = np.linalg.lstsq(design * root, target * root[:, 0], rcond=None)[0]
        size = np.abs(design @ fit - target)
        weights = np.minimum(1.0, HUBER_EV / np.maximum(size, 1e-9))
    return lambda new: (_with_ones(raw_ev(new)[:, None]) @ fit, _alike(new, size))


def class_offsets(points: Points) -> Callable[[Points], Prediction]:
    """A line with an offset for each chromophore class, drawn towards none: the vibronic shift of a class."""
    names = sorted({point.chromophore for point in points})

    def design(some: Points) -> Real:
        member = [[float(point.chromophore == name) for name in names] for point in some]
        return np.hstack([_with_ones(raw_ev(some)[:, None]), np.array(member)])

    return linear(points, design, n_free=2)


def ridge(points: Points) -> Callable[[Points], Prediction]:
    """A line and all other descriptors of the state, these drawn towards nothing."""
    centre, width = _scale(points)

    def design(some: Points) -> Real:
        scaled = (descriptor_matrix(some) - centre) / width
        return np.hstack([_with_ones(raw_ev(some)[:, None]), scaled[:, 1:]])

    return linear(points, design, n_free=2)


def charge_transfer(points: Points) -> Callable[[Points], Prediction]:
    """A line with a term in the orbital gap minus the energy: it is small where charge is transferred."""
    column = DESCRIPTORS.index("binding")
    centre, width = _scale(points)

    def design(some: Points) -> Real:
        scaled = (descriptor_matrix(some) - centre) / width
        return np.hstack([_with_ones(raw_ev(some)[:, None]), scaled[:, [column]]])

    return linear(points, design, n_free=2)


def gaussian_process(points: Points) -> Callable[[Points], Prediction]:
    """A line and a smooth function of all descriptors; its scales maximise the marginal likelihood.

    Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, equations 2.23 to 2.30.
    """
    centre, width = _scale(points)
    straight = line(points)
    scaled = (descriptor_matrix(points) - centre) / width
    residual = measured_ev(points) - straight(points)[0]
    squares = np.square(scaled[:, None, :] - scaled[None, :, :]).sum(axis=2)
    best, chosen = -np.inf, (LENGTHS[0], SIGNALS_EV[0], NOISES_EV[0])
    for length in LENGTHS:
        for signal in SIGNALS_EV:
            for noise in NOISES_EV:
                factor = np.linalg.cholesky(_kernel(squares, length, signal) + noise**2 * np.eye(len(points)))
                half = np.linalg.solve(factor, residual)
                likelihood = -0.5 * float(half @ half) - float(np.log(np.diag(factor)).sum())
                if likelihood > best:
                    best, chosen = likelihood, (length, signal, noise)
    length, signal, noise = chosen
    inverse = np.linalg.inv(_kernel(squares, length, signal) + noise**2 * np.eye(len(points)))

    def predict(new: Points) -> Prediction:
        other = (descriptor_matrix(new) - centre) / width
        cross = _kernel(np.square(other[:, None, :] - scaled[None, :, :]).sum(axis=2), length, signal)
        variance = signal**2 + noise**2 - np.einsum("ij,jk,ik->i", cross, inverse, cross)
        return straight(new)[0] + cross @ inverse @ residual, lambda: np.sqrt(variance)

    return predict


MODELS: dict[str, Model] = {
    "as computed": no_line,
    "shift": shift,
    "line": line,
    "robust line": robust_line,
    "line, offset per class": class_offsets,
    "line and charge transfer": charge_transfer,
    "ridge on descriptors": ridge,
    "Gaussian process": gaussian_process,
}


def linear(points: Points, design: Callable[[Points], Real], n_free: int) -> Callable[[Points], Prediction]:
    """Least squares with a penalty on all but the first columns; the penalty that leaves scaffolds out best.

    `design` makes the columns, shape (n, m), of some points; the first `n_free` of them bear no penalty.

    The error is that of the same scaffolds left out, which the hat matrix gives at once: left-out residuals
    of a group are (1 - H) ** -1 times its residuals, H being its own block.
    """
    known, target = design(points), measured_ev(points)
    names = np.array([point.scaffold for point in points])
    groups = [np.flatnonzero(names == name) for name in dict.fromkeys(names.tolist())]
    alike = [np.array([g for g in groups if g.size == size]) for size in {g.size for g in groups}]
    penalised = (np.arange(known.shape[1]) >= n_free).astype(float)
    fits = []
    for penalty in PENALTIES if penalised.any() else (0.0,):
        gram = np.linalg.inv(known.T @ known + penalty * np.diag(penalised))
        coefficients = gram @ known.T @ target
        residuals, hat = known @ coefficients - target, known @ gram @ known.T
        left = [_left_out_residuals(residuals, hat, some) for some in alike]
        fits.append((np.concatenate(left), coefficients))
    errors, coefficients = min(fits, key=lambda fit: float(np.mean(fit[0] ** 2)))
    return lambda new: (design(new) @ coefficients, _alike(new, errors))


def _left_out_residuals(residuals: Real, hat: Real, groups: NDArray[np.intp]) -> Real:
    """Of k groups of m members each, given as shape (k, m); shape (k m,)."""
    blocks = np.eye(groups.shape[1]) - hat[groups[:, :, None], groups[:, None, :]]
    return np.asarray(np.linalg.solve(blocks, residuals[groups][:, :, None]).ravel())


def _alike(new: Points, errors: Real) -> Callable[[], Real]:
    """Works out the same standard error for all of `new`, that of these errors."""
    return lambda: np.full(len(new), normal_scale(errors))


def _with_ones(columns: Real) -> Real:
    return np.hstack([np.ones((columns.shape[0], 1)), columns])


def _scale(points: Points) -> tuple[Real, Real]:
    matrix = descriptor_matrix(points)
    return matrix.mean(axis=0), np.maximum(matrix.std(axis=0), 1e-6)


def _kernel(squares: Real, length: float, signal: float) -> Real:
    return np.asarray(signal**2 * np.exp(-0.5 * squares / length**2))
