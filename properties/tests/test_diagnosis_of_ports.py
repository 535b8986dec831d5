"""What is said of kernels as those who port the memory block write them is true, and names the mistake."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.diagnosis.grouping import mistakes_of
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.targets.target import target_of
from planted_bugs.ports import PORTS, Port

SAMPLE = {
    "as_a_convolution_whose_kernel_is_not_flipped",
    "chunks_of_forty_without_their_past",
    "two_others_at_once",
    "cached_by_shape",
    "streamed_in_chunks",
    "mean_gradient",
}
PARAMETERS = [
    pytest.param(each, id=each.name, marks=[] if each.name in SAMPLE else [pytest.mark.long]) for each in PORTS
]


@pytest.mark.parametrize("port", PARAMETERS)
def test_the_mistake_of_a_port_is_named(port: Port) -> None:
    target = target_of(
        SimpleNamespace(**port.functions), {"refusals": "none", "formats": ("float64",), **port.promises}
    )
    asked = [each for each in CATALOGUE if "equals_the_reference" in each.name or "know_of_each_other" in each.name]
    verdicts = [run(each, target, Plan(seed=0, examples=40, thorough=0)) for each in asked]
    found = mistakes_of(target, verdicts)
    sentences = [sentence for each in found for sentence in each.sentences]
    assert re.search(port.says, " ".join(sentences)), sentences
    assert len(sentences) <= 2
