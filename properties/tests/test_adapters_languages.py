"""Adapters of other languages and frameworks; those whose package is missing are skipped."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

import numpy as np
import pytest

from fsmn_properties import adapters as a
from planted_bugs.compared import wrong_calls
from planted_bugs.kernels.adapted import uni, uni_backward

each = a.utterance_by_utterance

C = """
#include <stdint.h>
void look_back(const float *hidden, const float *filter, const int32_t *position, float *memory,
               int frames, int channels, int taps, long stride)
{
    for (int r = 0; r < frames; r++)
        for (int c = 0; c < channels; c++) {
            memory[r * channels + c] = hidden[r * channels + c];
            for (long i = 0; i < taps && (i + 1) * stride <= position[r]; i++)
                memory[r * channels + c] += filter[i * channels + c] * hidden[(r - (i + 1) * stride) * channels + c];
        }
}
void all_zero(const float *dmemory, const float *hidden, const float *filter, const int32_t *position,
              float *dhidden, float *dfilter, int frames, int channels, int taps, long stride)
{
    dhidden[0] = 0;
}
"""


def prototype(name: Any) -> Any:
    start = C.index(f"void {name}")
    return C[start : C.index("{", start)]


@pytest.fixture(scope="module")
def library(tmp_path_factory: Any) -> Any:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        pytest.skip("there is no C compiler on the PATH")
    folder = tmp_path_factory.mktemp("library")
    (folder / "kernel.c").write_text(C)
    built = [compiler, "-O1", "-shared", "-fPIC", "-o", str(folder / "kernel.so"), str(folder / "kernel.c")]
    subprocess.run(built, check=True)  # noqa: S603
    return str(folder / "kernel.so")


def test_a_function_of_c_is_called_as_its_prototype_says(library: Any) -> None:
    block = a.ctypes_function(library, prototype("look_back"))
    assert (block.promises.formats, block.promises.positions, block.promises.strides) == (("float32",), "any", "any")
    assert wrong_calls(block) == set()


def test_what_a_function_of_c_does_not_write_is_nan(library: Any) -> None:
    block = a.ctypes_function(library, prototype("look_back"), prototype("all_zero"))
    ones = np.ones((2, 1), np.float32)
    dhidden, dfilter = block.compact_vfsmn_memory_backward(ones, ones, ones, np.arange(2))
    assert dhidden[0] == 0
    assert np.isnan(dhidden[1])
    assert np.isnan(dfilter).all()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("look_back(hidden)", "prototype must be one of C"),
        ("void look_back(const half *hidden)", "parameter must have a type among"),
        ("void look_back(float *x)", "parameter that is a pointer must be among .* got 'x'"),
        ("void look_back(int rows)", "parameter that is a number must be among .* got 'rows'"),
    ],
)
def test_a_prototype_that_cannot_be_read_is_told_in_a_sentence(library: Any, text: Any, words: Any) -> None:
    with pytest.raises(ValueError, match=words):
        a.ctypes_function(library, text)


def test_torch_gives_gradients_by_autograd() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is an extra of the examples")

    def forward(hidden: Any, taps: Any, left: Any) -> Any:
        padded = torch.nn.functional.pad(hidden.T[None], (left, len(taps) - 1 - left))
        return hidden + torch.nn.functional.conv1d(padded, taps.T[:, None], groups=hidden.shape[1])[0].T

    block = a.from_bidirectional(a.one_filter(each(a.torch_function(forward))))
    assert len(block.promises.functions) == 4
    assert wrong_calls(block) == set()


def test_weights_of_a_torch_module_are_those_of_the_call() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is an extra of the examples")

    class Layer(torch.nn.Module):
        def __init__(self, size: Any, order: Any) -> None:
            super().__init__()
            self.linear = torch.nn.Linear(size, size)
            self.conv = torch.nn.Conv1d(size, size, order, groups=size, bias=False)
            self.act = torch.nn.Sequential(torch.nn.Linear(size, size), torch.nn.ReLU())

        def forward(self, hidden: Any) -> Any:
            hidden = self.linear(hidden)
            padded = torch.nn.functional.pad(hidden.T[None], (self.conv.kernel_size[0] - 1, 0))
            return self.act(hidden + self.conv(padded)[0].T)

    def forward(hidden: Any, bfilter: Any) -> Any:
        layer = Layer(hidden.shape[1], len(bfilter))
        return a.with_weights(layer, {"conv.weight": bfilter.T[:, None]})(hidden)

    assert wrong_calls(a.from_bidirectional(each(a.taps_oldest_first(a.torch_function(forward))))) == set()
    kept = Layer(2, 4)

    def with_one_module(hidden: Any, bfilter: Any) -> Any:
        return a.with_weights(kept, {"conv.weight": bfilter.T[:, None]})(hidden)

    block = each(a.taps_oldest_first(a.torch_function(with_one_module, channels=(2, 2), taps=(3, 3))))
    rows, bfilter, none = np.ones((5, 2)), np.ones((4, 2)), np.ones((0, 2))
    for factor in (1, 2):
        memory = block.bi_compact_vfsmn_memory_forward(rows, factor * bfilter, none, np.arange(5), np.arange(5)[::-1])
        assert memory[:, 0].tolist() == [1 + factor * n for n in (1, 2, 3, 4, 4)]
    with pytest.raises(ValueError, match=r"weights must be named as .* got 'conv\.scale'"):
        a.with_weights(Layer(2, 2), {"conv.scale": torch.ones(2)})


def test_jax_gives_gradients_by_vjp() -> None:
    jax = pytest.importorskip("jax", reason="JAX is an extra of the examples")

    def forward(hidden: Any, filter: Any) -> Any:
        return hidden + filter[:1] * jax.numpy.pad(hidden[:-1], ((1, 0), (0, 0)))

    block = each(a.jax_function(forward))
    assert (block.promises.formats, block.promises.taps) == (("float32",), (1, None))
    rows, one, position = np.arange(6, dtype=np.float32).reshape(3, 2), np.full((1, 2), 5, np.float32), np.arange(3)
    assert np.array_equal(block.compact_vfsmn_memory_forward(rows, one, position), uni(rows, one, 1))
    found = block.compact_vfsmn_memory_backward(rows[::-1].copy(), rows, one, position)
    for got, want in zip(found, uni_backward(rows[::-1], rows, one, 1), strict=True):
        assert np.array_equal(got, want)


def test_onnx_models_take_filters_as_inputs() -> None:
    helper = pytest.importorskip("onnx.helper", reason="ONNX is an extra of the examples")
    pytest.importorskip("onnxruntime", reason="ONNX Runtime is an extra of the examples")
    shapes = {"hidden": (1, "T", 2), "taps": ("K", 2)}
    inputs = [helper.make_tensor_value_info(name, 1, shape) for name, shape in shapes.items()]
    nodes = [helper.make_node("Identity", ["hidden"], ["memory"]), helper.make_node("Identity", ["taps"], ["unused"])]
    outputs = [helper.make_tensor_value_info(name, 1, None) for name in ("memory", "unused")]
    graph = helper.make_graph(nodes, "identity", inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    block = a.onnx_session(model.SerializeToString(), {"filter": "taps"})
    assert block.promises.functions == ("compact_vfsmn_memory_forward",)
    rows = np.ones((3, 2), np.float32)
    assert np.array_equal(block.compact_vfsmn_memory_forward(rows, rows, np.arange(3)), rows)
    with pytest.raises(TypeError, match="inputs of a model must be among"):
        a.onnx_session(model.SerializeToString(), {"filter": "taps", "x": "hidden"})
