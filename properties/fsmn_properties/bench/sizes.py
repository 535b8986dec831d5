"""The calls at production sizes that a target promises, and the promise that leaves out each of the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fsmn_properties.bench.workload import Scale, Workload
from fsmn_properties.cases.within import outside
from fsmn_properties.contract.forms import FORMS
from fsmn_properties.contract.promises import Promises
from fsmn_properties.targets.target import Target

VAD, SPOTTING = Scale(6000, 128, 20), Scale(2000, 200, 10, 2)
SANM, DFSMN = Scale(500, 512, 11, 5, utterance=500), Scale(4096, 512, 20, 20, stride=2)
MIDDLE, TINY = Scale(1000, 128, 20, 20), Scale(15, 5, 4, 4)
FORMATS = ("float32", "float64", "float16")


def promised(target: Target) -> tuple[list[Workload], list[str]]:
    """Return the workloads within a target's promises, and a line for each kind of call that is left out."""
    promises = target.promises
    found: dict[str, Workload] = {}
    left: dict[str, str] = {}
    for form in FORMS:
        for backward, function in enumerate(form.functions):
            if function not in target.functions_of(form):
                left[f"{form.short}_{'backward' if backward else 'forward'}"] = "functions"
                continue
            for kind, scale in _scales(promises):
                fitted = _fitted(scale, promises)
                workload = Workload(fitted, form, bool(backward), promises=promises)
                why = _why_not(kind, workload, promises)
                if why:
                    left.setdefault(kind, why)
                else:
                    found.setdefault(str(workload), workload)
    shapes: set[tuple[int, ...]] = set()
    chosen = []
    for workload in found.values():
        shape = workload.case["hidden"].shape
        if shape not in shapes and len(shapes) == promises.most_shapes:
            left.setdefault(f"{shape[0]} x {shape[1]} and what follows", "most_shapes")
            continue
        shapes.add(shape)
        chosen.append(workload)
    return chosen, [f"not timed ({why}={getattr(promises, why)!r:.80}): {kind}" for kind, why in left.items()]


def _scales(promises: Promises) -> Iterator[tuple[str, Scale]]:
    """Yield every size in the format that is deployed, and a middle one in whatever else is promised."""
    main, *others = [name for name in FORMATS if name in promises.formats] or promises.float_formats
    for name, scale in (("voice activity", VAD), ("keyword spotting", SPOTTING), ("SANM", SANM), ("DFSMN", DFSMN)):
        yield f"{name}, {scale.frames} x {scale.channels}", replace(scale, dtype=main)
    for other in others:
        yield other, replace(MIDDLE, dtype=other)
    yield "positions in any order", replace(MIDDLE, utterance=MIDDLE.frames, positions="within reach", dtype=main)
    yield "a small call", replace(TINY, dtype=main)


def _fitted(scale: Scale, promises: Promises) -> Scale:
    """Return the nearest size that the promises allow."""

    def clipped(key: str, size: int) -> int:
        least, most = getattr(promises, key)
        return max(least or 0, size if most is None else min(size, most))

    stride = scale.stride if promises.strides != "one" else 1
    if promises.most_stride is not None:
        stride = min(stride, promises.most_stride)
    multiple = promises.channels_multiple_of
    return replace(
        scale,
        frames=clipped("frames", scale.frames),
        channels=-(-clipped("channels", scale.channels) // multiple) * multiple,
        taps=clipped("taps", scale.taps),
        ahead=clipped("ahead", scale.ahead),
        stride=stride,
    )


def _why_not(kind: str, workload: Workload, promises: Promises) -> str:
    if kind == "positions in any order" and promises.positions != "any":
        return "positions"
    return outside(workload.case, promises.but(most_shapes=None))
