"""Core-seconds of this package's pipeline beside those of `stock_pipeline.py`."""

from collections.abc import Sequence

from benchmarks.measurement import Record

KINDS = ("ensemble", "spectrum")


def compared(own: Sequence[Record], stock: Sequence[Record], whole_core_s: float) -> Record:
    """Core-seconds per candidate on both sides, by kind and in all."""
    own_s = {kind: sum(side["core_s"][kind] for side in own) for kind in KINDS}
    stock_s = {kind: sum(_stock_s(side, kind, "core_s") for side in stock) for kind in KINDS}
    least_s = {kind: sum(_stock_s(side, kind, "measured_core_s") for side in stock) for kind in KINDS}
    own_s["whole"] = whole_core_s
    for side in (stock_s, least_s):
        side["whole"] = sum(side.values())
    return {
        kind: {
            "core_s": own_s[kind] / len(own),
            "stock_core_s": stock_s[kind] / len(own),
            "speedup": stock_s[kind] / own_s[kind] if own_s[kind] else None,
            "speedup_at_least": least_s[kind] / own_s[kind] if own_s[kind] else None,
        }
        for kind in (*KINDS, "whole")
    }


def _stock_s(stock: Record, kind: str, key: str) -> float:
    return float(stock[kind][key]) if stock[kind] else 0.0


def row(own: Record, stock: Record) -> Record:
    """One candidate, with the roots compared where stock computed them."""
    roots_ev = (stock["spectrum"] or {}).get("roots_ev")
    deviations = [1000 * abs(a - b) for a, b in zip(own["roots_ev"], roots_ev or (), strict=False)]
    return {
        "id": own["request"]["id"],
        "core_s": own["core_s"],
        "n_roots": own["request"]["n_roots"],
        "max_deviation_mev": max(deviations) if deviations else None,
        "stock": {kind: stock[kind] for kind in KINDS},
    }


def prediction(stock: Sequence[Record]) -> Record:
    """Core-seconds of roots, computed by stock over predicted, for the candidates whose roots it computed."""
    spectra = [side["spectrum"] for side in stock]
    run = [one for one in spectra if one and "response_core_s" in one]
    ratios = [one["response_core_s"] / one["predicted_response_core_s"] for one in run]
    return {
        "computed": len(run),
        "predicted": len([one for one in spectra if one]) - len(run),
        "computed_over_predicted": ratios,
        "smallest": min(ratios) if ratios else None,
    }
