"""Positions of utterances that are laid one after another in one array of frames."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fsmn_ref.arguments import Positions, integer_vector


def utterance_positions(lengths: npt.ArrayLike) -> tuple[Positions, Positions]:
    """Return how far each frame may look back and ahead within its own utterance.

    Parameters
    ----------
    lengths : array_like of int, 1-D
        Frames of each utterance, in the order in which they are laid; 0 adds no frame.

    Returns
    -------
    look_back, look_ahead : ndarray of intp, shape (sum(lengths),)
        For frame k of an utterance of n frames: k earlier and n-1-k later ones.

    Raises
    ------
    TypeError
        If the lengths are no integers.
    ValueError
        If they are not 1-D, or one is negative.

    Examples
    --------
    >>> look_back, look_ahead = utterance_positions([3, 2])
    >>> look_back.tolist(), look_ahead.tolist()
    ([0, 1, 2, 0, 1], [2, 1, 0, 1, 0])
    """
    frames = integer_vector("lengths", lengths)
    if (frames < 0).any():
        u = int((frames < 0).argmax())
        raise ValueError(f"lengths[{u}] = {frames[u]} is negative (allowed: integers from 0)")
    look_back = [k for n in frames.tolist() for k in range(n)]
    look_ahead = [n - 1 - k for n in frames.tolist() for k in range(n)]
    return np.array(look_back, dtype=np.intp), np.array(look_ahead, dtype=np.intp)
