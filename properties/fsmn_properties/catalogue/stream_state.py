"""What a stream keeps does not grow with the length of the utterance."""

from __future__ import annotations

from collections.abc import Iterator

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.cases.space import within
from fsmn_properties.catalogue.statement import Source, statement
from fsmn_properties.checks.keeping import MOST_BYTES, growth, process_growth
from fsmn_properties.checks.streaming import Streamed
from fsmn_properties.checks.trial import Trial
from fsmn_properties.contract.forms import Form
from fsmn_properties.contract.promises import Promises

SIZES = {
    "uni": (((3,), (1,), 10, 4), ((3,), (2,), 1, 64), ((0,), (1,), 3, 4), ((5,), (1,), 100, 256)),
    "bi": (((3, 2), (1, 1), 10, 4), ((2, 1), (1, 2), 1, 64), ((0, 0), (1, 1), 3, 4), ((5, 2), (1, 1), 100, 256)),
}
"""Taps and strides of each side, frames of a chunk, and channels; the largest ones show in the size of the process."""

LARGE = 1 << 16
"""Bytes of a chunk from which on the size of the process says whether chunks are kept."""

MOST_SECONDS, MOST_SECONDS_ELSEWHERE = 0.002, 0.02
"""How long a push takes at most if the size of the process is measured, of this one or of another."""

LONG = 200_000
"""More frames than are ever pushed."""


def _long(form: Form, promises: Promises) -> Iterator[Case]:
    if promises.frames[1] is not None and promises.frames[1] < LONG:
        return
    formats = (promises.float_formats[0],) * len(form.matrices)
    types = (promises.position_types[0],) * len(form.positions)
    for taps, strides, frames, channels in SIZES[form.short]:
        (fitting, *_) = within([channels], promises.channels, promises.channels_multiple_of)
        sizes = (form.short, frames, fitting, taps, strides)
        yield Recipe(*sizes, (), types, formats, values="ones", chunks=((frames, "", ""),)).case()


ENDLESS = Source("endless streams", listed=_long, note="chunks of 1, 3, 10 and 100 frames, pushed up to 800 times")


@statement(ENDLESS, "S4", "stream", few=2)
def stream_keeps_no_more_after_more_frames(trial: Trial, case: Case) -> int | None:
    """What a stream keeps does not grow with the length of the utterance."""
    frames, target = case["hidden"], trial.target
    if not target.in_process and frames.nbytes < LARGE:
        return 0  # of another process, only the size says something
    stream = Streamed(trial, case)
    stream.write("from fsmn_properties.checks.keeping import growth, process_growth")
    if frames.nbytes < LARGE:
        grown = growth(lambda: stream.push_again(frames))
        problem = f"a stream holds {grown:,} bytes more after twice as many frames"
        text = f"(grown := growth(lambda: stream.push(hidden))) <= {MOST_BYTES}, grown"
        stream.require(grown <= MOST_BYTES, problem, text)
    elif stream.push_again(frames) < (MOST_SECONDS if target.in_process else MOST_SECONDS_ELSEWHERE):
        size = None if target.in_process else target.functions.resident
        grown, most = process_growth(lambda: stream.push_again(frames), size), frames.nbytes // 2
        problem = f"the process holds {grown:,} bytes more for each further chunk of {frames.nbytes:,} bytes"
        of = "" if target.in_process else ", implementation.resident"
        text = f"(grown := process_growth(lambda: stream.push(hidden){of})) <= {most}, grown"
        stream.require(grown <= most, problem, text)
    return None
