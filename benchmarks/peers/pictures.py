"""Time against frames, channels and taps on log axes, with fitted exponents and the roofline, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt

from benchmarks.peers.timing import SWEEPS, Time
from fsmn_properties.bench.limits import Limits

PEERS = ("fsmn_vec", "PyTorch conv1d", "PyTorch conv1d, its own layout", "numba loop", "scipy correlate1d")


def draw(times: Sequence[Time], limit: Limits, along: str, path: Path) -> None:
    """Draw one sweep: `along` is frames, channels or taps."""
    # Ids from a fixed salt, letters as text and no date: the same times give the same file.
    mpl.rcParams.update({"svg.hashsalt": "fsmn", "svg.fonttype": "none"})
    figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    sweep, names = SWEEPS[along], ("frames", "channels", "taps")
    for number, peer in enumerate(PEERS):
        some = {
            getattr(t, along): t.seconds for t in times if t.peer == peer and t.size in sweep and t.part == "forward"
        }
        x, y = np.array(sorted(some)), np.array([some[key] for key in sorted(some)])
        exponent, constant = np.polyfit(np.log(x), np.log(y), 1)
        axes.plot(x, y * 1e3, "o", color=f"C{number}")
        label = f"{peer}: time ~ {along}^{exponent:.2f}"
        axes.plot(x, np.exp(constant) * x**exponent * 1e3, color=f"C{number}", linewidth=1, label=label)
    x = np.array(sorted(size[names.index(along)] for size in sweep))
    sizes = np.array([size[:3] for size in sorted(sweep)])
    traffic = 2 * 4 * sizes[:, 0] * sizes[:, 1] / limit.bytes
    products = sizes[:, 0] * sizes[:, 1] * sizes[:, 2] / limit.multiply_adds
    axes.plot(x, np.maximum(traffic, products) * 1e3, "k--", linewidth=1, label="roofline: copying and matrix product")
    fixed = ", ".join(f"{value} {name}" for name, value in zip(names, sweep[0], strict=False) if name != along)
    axes.set(
        xscale="log", yscale="log", xlabel=along, ylabel="milliseconds", title=f"forward, float32, {fixed}, 1 thread"
    )
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend(fontsize="x-small")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
