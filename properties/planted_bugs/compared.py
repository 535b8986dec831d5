"""The functions of a target that differ from the reference: a quick look at a few calls."""

from __future__ import annotations

from typing import Any

import numpy as np

import fsmn_ref
from fsmn_properties.contract.forms import FORMS

LENGTHS = ([4], [1, 5, 2], [3, 3], [7, 1, 1, 2, 4, 3])


def wrong_calls(block: Any) -> Any:
    """Return the functions of a block that differ from the reference on whole numbers, or raise."""
    promises, rng, wrong = block.promises, np.random.default_rng(0), set()
    lengths = [each for each in LENGTHS if len(each) == 1 or promises.positions != "whole"]
    for number, (frames, format) in enumerate((each, format) for each in lengths for format in promises.float_formats):
        strides = {"any": (2, 1), "equal": (2, 2), "one": (1, 1)}[promises.strides]
        taps, ahead = max(3, promises.taps[0]), min(2, promises.ahead[1] if promises.ahead[1] is not None else 2)
        for form in FORMS:
            sizes = {
                "hidden": sum(frames),
                "dmemory": sum(frames),
                "filter": taps,
                "bfilter": taps + 1,
                "ffilter": ahead,
            }
            given = {name: rng.integers(-9, 10, (sizes[name], 2 + number % 2)).astype(format) for name in form.matrices}
            given |= dict(zip(form.positions, fsmn_ref.utterance_positions(frames), strict=False))
            for name in set(form.functions) & set(promises.functions):
                arguments = {each: given[each].copy() for each in form.arguments(name)}
                by_name = dict(zip(form.strides, strides, strict=False))
                want = getattr(fsmn_ref, name)(**arguments, **by_name)
                try:
                    got = getattr(block, name)(**arguments, **by_name)
                    same = len(got) == len(want) and all(np.array_equal(*pair) for pair in zip(got, want, strict=True))
                except (ValueError, TypeError, IndexError):
                    same = False
                untouched = all(np.array_equal(array, given[each]) for each, array in arguments.items())
                if not (same and untouched):
                    wrong.add(name)
    return wrong
