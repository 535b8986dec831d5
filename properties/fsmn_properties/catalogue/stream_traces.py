"""What streams leave behind: nothing that another stream or call sees, and rows that are the caller's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.cases.space import Pick
from fsmn_properties.cases.streams import small_stream
from fsmn_properties.catalogue.conjunctions import other_form, rounds
from fsmn_properties.catalogue.refusals import FULL, outside_the_domain, refused
from fsmn_properties.catalogue.statement import IN_PROCESS, Source, statement
from fsmn_properties.catalogue.streams import ANY_STREAMS, FLOAT_STREAMS, STREAMS
from fsmn_properties.catalogue.structure import other
from fsmn_properties.checks.arrays import bits
from fsmn_properties.checks.guard import ProcessState
from fsmn_properties.checks.streaming import Script, Streamed
from fsmn_properties.checks.trial import Call, Trial, body
from fsmn_properties.contract.forms import Form
from fsmn_properties.contract.promises import Promises

BAD_FRAMES: tuple[tuple[str, type[Exception], str], ...] = (
    ("one channel more", ValueError, "np.concatenate((x, x[:, :1]), axis=1)"),
    ("complex numbers", TypeError, "x.astype(complex)"),
    ("one channel less", ValueError, "x[:, :-1]"),
    ("a row as a vector", ValueError, "x[0]"),
    ("bools", TypeError, "x.astype(bool)"),
    ("three dimensions", ValueError, "x[None]"),
    ("text", TypeError, "x.astype(str)"),
    ("a single channel for all", ValueError, "x[:, :1]"),
    ("objects", TypeError, "np.full(x.shape, None)"),
)
"""What is wrong with frames, what must be raised, and Python that makes them of right frames `x`."""


def _full(pick: Pick, form: Form, promises: Promises) -> Recipe:
    return small_stream(pick, form, promises.but(empty=False), "small whole")


FULL_STREAMS = Source("full streams", draw=_full)


def refuse_frames(stream: Streamed, number: int) -> None:
    """Push frames of the wrong number of channels or the wrong type, which must be refused."""
    what, error, text = BAD_FRAMES[number % len(BAD_FRAMES)]
    x = np.ones((2, stream.case.channels), stream.case["hidden"].dtype)
    bad = eval(text, {"np": np, "x": x})  # noqa: S307, the text is ours
    if (bad.shape == x.shape and bad.dtype == x.dtype) or not stream.trial.target.carries(bad):
        return  # of a single channel, the only one is no other
    stream.write(f"x = np.ones({x.shape}, {x.dtype.name!r})")
    stream.refuses("push", error, what, bad, text)


@statement(FULL_STREAMS, "S3, D1, D7", "stream", "refusals")
def refused_push_changes_nothing(trial: Trial, case: Case) -> None:
    """Frames of the wrong number of channels or type are refused with their error, and the rows stay right."""
    refused_frames(trial, case)


def refused_frames(trial: Trial, case: Case) -> None:
    """Raise a Violation unless wrong frames are refused before, between and after right ones, which stay right."""
    stream = Streamed(trial, case)
    for number in range(len(BAD_FRAMES)):
        refuse_frames(stream, number)
        if stream.left:
            stream.push()
            refuse_frames(stream, number + 1)
    stream.to_the_end()
    stream.is_right()


@statement(STREAMS, "S3", "stream", "refusals")
def finished_stream_refuses_everything(trial: Trial, case: Case) -> None:
    """After finish, push and finish raise ValueError, again and again."""
    stream = Streamed(trial, case)
    stream.to_the_end()
    frames = np.ones((1, case.channels), case["hidden"].dtype)
    text = f"np.ones({frames.shape}, {frames.dtype.name!r})"
    for _ in range(2):
        stream.refuses("push", ValueError, "frames after finish", frames, text)
        stream.refuses("finish", ValueError, "a second end")
        stream.refuses("push", ValueError, "no frames after finish", frames[:0], f"{text}[:0]")


@statement(FULL, "D1, D5, D6, D7", "stream", "refusals", "most_shapes=None")
def stream_outside_the_domain_is_refused(trial: Trial, case: Case) -> int:
    """Filters and strides outside the domain are refused when the stream is made."""
    count, stream = 0, case.form.stream
    strides = () if trial.target.gives_no_stride(stream) else tuple(case.strides)
    for name, what, error, bad in outside_the_domain(case):
        if name in strides or (name in case.form.filters and not _fit(bad)):
            count += 1
            refused(trial, bad, stream, error, f"{name}: {what}")
    return count


def _fit(case: Case) -> bool:
    """Return whether filters are right after all: nothing says how many channels a single one should have."""
    filters = [case[name] for name in case.form.filters]
    right = all(value.ndim == 2 and value.dtype.kind in "iuf" for value in filters)
    return right and len({value.shape[1] for value in filters}) == 1 and len(filters[0]) >= len(filters) - 1


@statement(STREAMS, "S3, R2", "stream", IN_PROCESS)
def rows_and_chunks_are_the_callers(trial: Trial, case: Case) -> None:
    """Rows are new arrays, and what is written to rows, pushed chunks and filters changes no later row."""
    stream = Streamed(trial, case)
    stream.write("kept = []")
    for name, value in stream.given.items():
        same = bits(value) == bits(case[name])
        stream.require(same, f"{name} was changed", f"np.array_equal({name}, {name}.copy())")
    _overwrite_filters(stream)
    for number in range(len(case.chunks) + 1):
        begin, pushed = stream.frames, stream.left
        rows = stream.push() if pushed else stream.finish()
        stream.keep()
        stream.require(rows.flags.writeable, "rows are read-only", "rows[-1].flags.writeable")
        if trial.target.promises.results == "contiguous":
            stream.require(rows.flags.c_contiguous, "rows are not C-contiguous", "rows[-1].flags.c_contiguous")
        if pushed:
            plain = case["hidden"][begin : stream.frames]
            text = f"np.array_equal(chunk, hidden[{begin}:{stream.frames}])"
            stream.require(np.array_equal(stream.chunk, plain), "push changed its chunk", text)
            alone = not np.shares_memory(rows, stream.chunk)
            stream.require(alone, "rows share storage with the chunk", "not np.shares_memory(rows[-1], chunk)")
            _overwrite_chunk(stream)
        for earlier in range(number):
            alone = not np.shares_memory(rows, stream.rows[earlier])
            text = f"not np.shares_memory(rows[-1], rows[{earlier}])"
            stream.require(alone, "rows share storage with earlier rows", text)
        _overwrite_rows(stream)
    stream.is_right(parts="kept")


def _overwrite_filters(stream: Streamed) -> None:
    for number, value in enumerate(stream.given.values()):
        if isinstance(value, np.ndarray) and value.flags.writeable:
            value[...] = 7
            stream.write(f"{stream.prefix}filters[{number}][...] = 7")


def _overwrite_chunk(stream: Streamed) -> None:
    if isinstance(stream.chunk, np.ndarray) and stream.chunk.flags.writeable:
        stream.chunk[...] = 7
        stream.write(f"{stream.prefix}chunk[...] = 7")


def _overwrite_rows(stream: Streamed) -> None:
    if stream.rows[-1].flags.writeable:
        stream.rows[-1][...] = 7
        stream.write(f"{stream.prefix}rows[-1][...] = 7")


@statement(FLOAT_STREAMS, "S3, R6", "stream", asks_reference=False)
def streams_do_not_know_of_each_other(trial: Trial, case: Case) -> None:
    """The same chunks give the same bits, whatever streams are fed in turn."""
    script: Script = []
    alone = Streamed(trial, case, "alone", script)
    alone.to_the_end()
    changed = case.but(**{name: other(case[name]) for name in case.form.floats})
    fed = [Streamed(trial, case, "stream", script), Streamed(trial, changed, "another", script)]
    fed.append(Streamed(trial, case, "same", script))
    while fed[0].left:
        for stream in fed:
            stream.push()
    for stream in fed:
        stream.finish()
    for stream in (fed[0], fed[2]):
        for number, (rows, want) in enumerate(zip(stream.rows, alone.rows, strict=True)):
            texts = f"{stream.prefix}rows[{number}]", f"alone_rows[{number}]"
            if bits(rows) != bits(want):
                problem = f"{texts[0]} differs from that of the same chunks fed to a stream alone"
                raise stream.violation(problem, [f"np.testing.assert_array_equal({', '.join(texts)}, strict=True)"])


@statement(ANY_STREAMS, "S1, S3, F1, F2, R1, R2, R3, R4, R5, R6", "stream", few=30)
def every_stream_is_right(trial: Trial, case: Case) -> None:
    """Rows are the memory for every combination of chunks, sizes, layouts and values, and of events between pushes."""
    stream, others = Streamed(trial, case), list[Streamed]()
    stream.write("kept = []")
    written = set[int]()
    events = case.history or ("",)
    while stream.left:
        stream.push()
        stream.keep()
        event = events[(len(stream.rows) - 1) % len(events)]
        if event == "whole call" and len(stream.rows) > len(events):
            continue  # it takes as long as all pushes together
        if event == "rows written":
            written.add(len(stream.rows) - 1)
        _happen(stream, event, others)
    stream.finish()
    stream.keep()
    for number, (rows, kept) in enumerate(zip(stream.rows, stream.kept, strict=True)):
        if number not in written:
            text = f"np.array_equal(rows[{number}], kept[{number}], equal_nan=True)"
            stream.require(bits(rows) == bits(kept), f"rows[{number}] was changed after it was returned", text)
    stream.is_right(rounds=rounds(case), parts="kept")


def _happen(stream: Streamed, event: str, others: list[Streamed]) -> None:
    trial, case = stream.trial, stream.case
    match event:
        case "refused push":
            refuse_frames(stream, len(stream.rows) - 1)
        case "another stream":
            _feed_another(stream, others)
        case "rows written":
            _overwrite_rows(stream)
        case "chunk overwritten":
            _overwrite_chunk(stream)
        case "filters overwritten":
            _overwrite_filters(stream)
        case "whole call" if trial.target.has(case.form.forward):
            trial.forward(case)
            stream.script.append(lambda: body(trial.target, [Call(case, case.form.forward)], ()))


def _feed_another(stream: Streamed, others: list[Streamed]) -> None:
    """Push to another stream, with other values; every second one is of the other form."""
    if not others or not others[-1].left:
        plain = stream.case.handed(**dict.fromkeys(stream.case.layouts, ""))
        case = plain.but(**{name: plain[name][::-1].copy() for name in plain.form.floats})
        across = replace(other_form(case), chunks=case.chunks)
        if len(others) % 2 and stream.trial.target.has(across.form.stream) and stream.trial.allows(across):
            case = across
        others.append(Streamed(stream.trial, case, "another", stream.script))
    others[-1].push()


@statement(STREAMS, "R6", "stream", IN_PROCESS)
def streams_leave_the_process_as_it_was(trial: Trial, case: Case) -> None:
    """No stream changes NumPy's error state, the working folder, or the state of global random numbers."""
    state = ProcessState()
    stream = Streamed(trial, case, silent=False)
    stream.to_the_end()
    changed = state.changed()
    state.restore()
    if changed:
        stream.script.insert(0, "from fsmn_properties.checks.guard import ProcessState\nstate = ProcessState()")
        raise stream.violation(f"a stream changed {changed}", ["assert not state.changed(), state.changed()"])
