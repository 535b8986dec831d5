"""The workloads: `benchmarks/test_kernels.py` times all of them, the gate those that are quick enough."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from fsmn_properties.bench.workload import Scale, Workload
from fsmn_properties.contract.forms import BI, UNI

SIZES = ((1000, 128, 20), (3000, 250, 20), (3000, 512, 11), (20_000, 512, 20), (2000, 2048, 40))
CONTROL = Workload(Scale(1000, 128, 20), into_out=True)
TINY = Scale(15, 5, 4, 4, dtype="float64")


def _scales(*dtypes: str) -> list[Scale]:
    return [Scale(T, D, N, N, dtype=dtype) for (T, D, N), dtype in product(SIZES, dtypes)]


def _random(scale: Scale) -> Scale:
    return replace(scale, utterance=scale.frames, positions="within reach")


def _directions(*workloads: Workload) -> list[Workload]:
    return [replace(workload, backward=backward) for workload, backward in product(workloads, (False, True))]


def everything() -> list[Workload]:
    """Return all workloads."""
    small, other = Scale(1000, 128, 20, 20), Scale(3000, 250, 20, 20, dtype="float64")
    return [
        *(
            Workload(scale, form, backward, into_out)
            for scale in [*_scales("float32", "float64"), TINY]
            for form, backward, into_out in product((UNI, BI), (False, True), (True, False))
        ),
        *_directions(*(Workload(_random(scale)) for scale in _scales("float32", "float64"))),
        *_directions(*(Workload(replace(scale, stride=2), form) for scale, form in product((small, other), (UNI, BI)))),
        *_directions(Workload(Scale(1000, 128, 200, 0)), Workload(Scale(1000, 128, 200, 200), BI)),
    ]


def quick() -> list[Workload]:
    """Return the workloads of the gate: every kind of call once, and every size, in the dtype that is deployed."""
    small, double = Scale(1000, 128, 20, 20), Scale(1000, 128, 20, 20, dtype="float64")
    return _directions(
        *(Workload(scale, into_out=True) for scale in _scales("float32")),
        Workload(small),
        Workload(small, BI),
        Workload(double),
        Workload(_random(small)),
        Workload(replace(small, stride=2)),
        Workload(Scale(1000, 128, 200, 0)),
        Workload(TINY),
        Workload(TINY, BI),
    )
