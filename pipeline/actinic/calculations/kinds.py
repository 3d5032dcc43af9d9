"""The table of calculation kinds, and the key under which a result is remembered.

A new kind is one module with `Request`, `Result`, `VERSION` and `compute`, and one row in `KINDS`.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from actinic.calculations import (
    energy,
    ensemble,
    frontier,
    path_energy,
    path_saddle,
    path_scan,
    relaxation,
    reorganisation,
    sampling,
    spectrum,
    thermal,
)
from actinic.calculations.energy import EnergyRequest, EnergyResult
from actinic.calculations.ensemble import EnsembleRequest, EnsembleResult
from actinic.calculations.frontier import FrontierRequest, FrontierResult
from actinic.calculations.path_energy import PathEnergyRequest, PathEnergyResult
from actinic.calculations.path_saddle import PathSaddleRequest, PathSaddleResult
from actinic.calculations.path_scan import PathScanRequest, PathScanResult
from actinic.calculations.relaxation import RelaxationRequest, RelaxationResult
from actinic.calculations.reorganisation import ReorganisationRequest, ReorganisationResult
from actinic.calculations.sampling import SamplingRequest, SamplingResult
from actinic.calculations.spectrum import SpectrumRequest, SpectrumResult
from actinic.calculations.thermal import ThermalRequest, ThermalResult

Request = (
    EnsembleRequest
    | SpectrumRequest
    | ThermalRequest
    | EnergyRequest
    | SamplingRequest
    | RelaxationRequest
    | ReorganisationRequest
    | FrontierRequest
    | PathScanRequest
    | PathSaddleRequest
    | PathEnergyRequest
)
Result = (
    EnsembleResult
    | SpectrumResult
    | ThermalResult
    | EnergyResult
    | SamplingResult
    | RelaxationResult
    | ReorganisationResult
    | FrontierResult
    | PathScanResult
    | PathSaddleResult
    | PathEnergyResult
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of calculation.

    Attributes:
        name: Its tag in requests, results and the store.
        version: Raised when the same request would give other numbers; part of the key.
        compute: From request and seed to result.
    """

    name: str
    version: int
    compute: Callable[[Any, int], Result]


KINDS: dict[type, Kind] = {
    EnsembleRequest: Kind("ensemble", ensemble.VERSION, ensemble.compute),
    SpectrumRequest: Kind("spectrum", spectrum.VERSION, spectrum.compute),
    ThermalRequest: Kind("thermal", thermal.VERSION, thermal.compute),
    EnergyRequest: Kind("energy", energy.VERSION, energy.compute),
    SamplingRequest: Kind("sampling", sampling.VERSION, sampling.compute),
    RelaxationRequest: Kind("relaxation", relaxation.VERSION, relaxation.compute),
    ReorganisationRequest: Kind("reorganisation", reorganisation.VERSION, reorganisation.compute),
    FrontierRequest: Kind("frontier", frontier.VERSION, frontier.compute),
    PathScanRequest: Kind("path_scan", path_scan.VERSION, path_scan.compute),
    PathSaddleRequest: Kind("path_saddle", path_saddle.VERSION, path_saddle.compute),
    PathEnergyRequest: Kind("path_energy", path_energy.VERSION, path_energy.compute),
}

_REQUEST_DECODER: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_RESULT_DECODER: msgspec.json.Decoder[Result] = msgspec.json.Decoder(Result)


def kind_of(request: Request) -> Kind:
    """The kind that answers `request`."""
    return KINDS[type(request)]


def key(request: Request) -> str:
    """SHA-256 (hex) over kind, its version and the canonical request, program and settings included."""
    kind = kind_of(request)
    return _digest(kind, request)


def lineage(request: Request) -> str:
    """Key of everything but how far the result reaches; equal lineages differ in `reach` alone."""
    if isinstance(request, SpectrumRequest):
        response = msgspec.structs.replace(request.response, cover_ev=0.0)
        return _digest(kind_of(request), msgspec.structs.replace(request, response=response))
    return key(request)


def reach(request: Request) -> float:
    """How far the result is asked to reach (raw eV for a spectrum); 0 where that has no meaning."""
    return request.response.cover_ev if isinstance(request, SpectrumRequest) else 0.0


def narrowed(result: Result, request: Request) -> Result:
    """`result`, which reaches at least as far as `request` asks, cut down to what it asks."""
    if isinstance(result, SpectrumResult):
        return spectrum.narrowed(result, reach(request))
    return result


def seed(calculation_key: str) -> int:
    """Seed (31 bits) of all random draws of the calculation with this key."""
    return int(calculation_key[:8], 16) & 0x7FFFFFFF


def compute(request: Request) -> Result:
    """Answer `request`; see the kind's own `compute` for what is raised."""
    return kind_of(request).compute(request, seed(key(request)))


def encode(record: Request | Result) -> bytes:
    """Canonical JSON: sorted keys, shortest float text that reads back to the same float."""
    return msgspec.json.encode(record, order="deterministic")


def decode_request(text: bytes) -> Request:
    """Read what `encode` wrote; raises msgspec.ValidationError on anything else."""
    return _REQUEST_DECODER.decode(text)


def decode_result(text: bytes) -> Result:
    """Read what `encode` wrote; raises msgspec.ValidationError on anything else."""
    return _RESULT_DECODER.decode(text)


def _digest(kind: Kind, request: Request) -> str:
    head = f"{kind.name} {kind.version}\n".encode()
    return hashlib.sha256(head + encode(request)).hexdigest()
