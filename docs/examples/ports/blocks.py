"""Stand-ins for public FSMN blocks, written anew: their signatures, layouts, masks and orders of taps."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional as F


def depthwise(size: int, kernel: int, dilation: int = 1) -> nn.Conv1d:
    return nn.Conv1d(size, size, kernel, dilation=dilation, groups=size, bias=False)


class SANMEncoder(nn.Module):
    """FunASR, SenseVoice, wenet: self-attention whose values go through a memory block; mask (B, 1, T)."""

    def __init__(self, size: int, kernel: int, shift: int = 0) -> None:
        super().__init__()
        self.fsmn_block = depthwise(size, kernel)
        left = (kernel - 1) // 2 + shift
        self.pad = nn.ConstantPad1d((left, kernel - 1 - left), 0.0)

    def forward_fsmn(self, values: Any, mask: Any) -> Any:
        mask = mask.reshape(len(values), -1, 1)
        values = values * mask
        memory = self.fsmn_block(self.pad(values.transpose(1, 2))).transpose(1, 2)
        memory += values
        return memory * mask


class SANMDecoder(SANMEncoder):
    """FunASR: the decoder's, with a cache beside the result."""

    def forward(self, inputs: Any, mask: Any, cache: Any = None) -> Any:
        inputs = inputs * mask.reshape(len(inputs), -1, 1)
        padded = self.pad(inputs.transpose(1, 2))
        return self.fsmn_block(padded).transpose(1, 2) + inputs, padded if cache is None else cache


class VADBlock(nn.Module):
    """FunASR's FSMN-VAD: 2-D convolutions over (B, D, T, 1), a stride for each side, a cache."""

    def __init__(self, size: int, left: int, right: int, left_stride: int, right_stride: int) -> None:
        super().__init__()
        self.past, self.stride, self.future = (left - 1) * left_stride, right_stride, right * right_stride
        self.conv_left = nn.Conv2d(size, size, (left, 1), dilation=(left_stride, 1), groups=size, bias=False)
        self.conv_right = None
        if right:
            self.conv_right = nn.Conv2d(size, size, (right, 1), dilation=(right_stride, 1), groups=size, bias=False)

    def forward(self, frames: Any, cache: Any = None) -> Any:
        frames = frames.unsqueeze(1).permute(0, 3, 2, 1)
        memory = frames + self.conv_left(F.pad(frames, (0, 0, self.past, 0)))
        if self.conv_right is not None:
            memory = memory + self.conv_right(F.pad(frames, (0, 0, 0, self.future))[:, :, self.stride :])
        return memory.permute(0, 3, 2, 1).squeeze(1), cache


class VADLayer(nn.Module):
    """FunASR's FSMN-VAD, a whole layer: linear, memory, affine, ReLU."""

    def __init__(self, size: int, projected: int, left: int, right: int, left_stride: int, right_stride: int) -> None:
        super().__init__()
        self.linear = nn.Linear(size, projected, bias=False)
        self.fsmn_block = VADBlock(projected, left, right, left_stride, right_stride)
        self.affine = nn.Linear(projected, size)
        self.relu = nn.ReLU()

    def forward(self, frames: Any) -> Any:
        return self.relu(self.affine(self.fsmn_block(self.linear(frames))[0]))


class WekwsBlock(nn.Module):
    """wekws: late by the look-ahead, frames and cache as a pair; an order of 0 ahead empties its slices."""

    def __init__(self, size: int, left: int, right: int) -> None:
        super().__init__()
        self.left, self.right = left, right
        self.conv_left = nn.Conv2d(size, size, (left, 1), groups=size, bias=False)
        self.conv_right = nn.Conv2d(size, size, (right, 1), groups=size, bias=False)

    def forward(self, pair: Any) -> Any:
        frames = pair[0].unsqueeze(1).permute(0, 3, 2, 1)
        padded = F.pad(frames, (0, 0, self.left - 1 + self.right, 0))
        memory = padded[:, :, self.left - 1 : -self.right] + self.conv_left(padded[:, :, : -self.right])
        memory = memory + self.conv_right(padded[:, :, -(frames.size(2) + self.right) :][:, :, 1:])
        return memory.permute(0, 3, 2, 1).squeeze(1), padded[:, :, -(self.left - 1 + self.right) :]


class UniDeepFsmn(nn.Module):
    """ModelScope: a layer with the residual outside, and a bare squeeze."""

    def __init__(self, size: int, order: int, hidden: int) -> None:
        super().__init__()
        self.order = order
        self.linear = nn.Linear(size, hidden)
        self.project = nn.Linear(hidden, size, bias=False)
        self.conv1 = nn.Conv2d(size, size, (order, 1), groups=size, bias=False)

    def forward(self, frames: Any) -> Any:
        rows = self.project(F.relu(self.linear(frames))).unsqueeze(1).permute(0, 3, 2, 1)
        memory = rows + self.conv1(F.pad(rows, (0, 0, self.order - 1, 0)))
        return frames + memory.permute(0, 3, 2, 1).squeeze()


class FireRed(nn.Module):
    """FireRedVAD: 1-D convolutions over (B, D, T), strides as dilations."""

    def __init__(self, size: int, back: int, back_stride: int, ahead: int, ahead_stride: int) -> None:
        super().__init__()
        self.back, self.ahead, self.skip = (back - 1) * back_stride, ahead * ahead_stride, ahead_stride
        self.lookback_filter = depthwise(size, back, back_stride)
        self.lookahead_filter = depthwise(size, ahead, ahead_stride) if ahead else None

    def forward(self, frames: Any) -> Any:
        rows = frames.permute(0, 2, 1).contiguous()
        memory = rows + self.lookback_filter(F.pad(rows, (self.back, 0)))
        if self.lookahead_filter is not None:
            memory = memory + self.lookahead_filter(F.pad(rows, (0, self.ahead))[:, :, self.skip :])
        return memory.permute(0, 2, 1)


class S3Attention(nn.Module):
    """S3Tokenizer: values by heads (B, T, H, D / H), mask (B, T, 1), an odd kernel with as many taps on each side."""

    def __init__(self, size: int, kernel: int) -> None:
        super().__init__()
        self.fsmn_block = depthwise(size, kernel)
        self.pad = nn.ConstantPad1d(((kernel - 1) // 2, kernel // 2), 0.0)

    def forward_fsmn(self, values: Any, mask: Any) -> Any:
        batch, frames, _, _ = values.size()
        values = values.view(batch, frames, -1) * mask
        memory = self.fsmn_block(self.pad(values.transpose(1, 2))).transpose(1, 2)
        memory += values
        return memory * mask


class Parallel(nn.Module):
    """A kernel search of FSMN: one convolution of both sides, the identity within its own tap."""

    def __init__(self, size: int, left: int, right: int) -> None:
        super().__init__()
        self.filter, self.left, self.right = depthwise(size, left + right + 1), left, right

    def forward(self, rows: Any) -> Any:
        return self.filter(F.pad(rows, (self.left, self.right)))


class WenetLayer(nn.Module):
    """wenet's keyword spotter: a whole layer over (B, D, T), a tap more than `left`, negative padding ahead."""

    def __init__(self, size: int, left: int, right: int, left_dilation: int, right_dilation: int) -> None:
        super().__init__()
        self.conv_in, self.conv_out = nn.Conv1d(size, size, 1), nn.Conv1d(size, size, 1)
        self.pad_left = nn.ConstantPad1d((left_dilation * left, 0), 0.0)
        self.conv_left = depthwise(size, left + 1, left_dilation)
        self.pad_right = nn.ConstantPad1d((-right_dilation, right_dilation * right), 0.0)
        self.conv_right = depthwise(size, right, right_dilation)

    def forward(self, rows: Any) -> Any:
        rows = self.conv_in(rows)
        memory = rows + self.conv_left(self.pad_left(rows)) + self.conv_right(self.pad_right(rows))
        return self.conv_out(memory)


class LengthsLayer(nn.Module):
    """A compact layer for batches with lengths, which it makes a mask of."""

    def __init__(self, size: int, back: int, ahead: int) -> None:
        super().__init__()
        self.affine, self.back, self.ahead = nn.Linear(size, size), back, ahead
        self.conv = depthwise(size, back + 1 + ahead)

    def forward(self, frames: Any, lengths: Any) -> Any:
        mask = (torch.arange(int(lengths.max())) < lengths[:, None])[:, :, None]
        frames = self.affine(frames).masked_fill(~mask, 0.0)
        memory = self.conv(F.pad(frames.transpose(1, 2), (self.back, self.ahead))).transpose(1, 2)
        return (frames + memory).masked_fill(~mask, 0.0)


def vectorized(frames: Any, weights: Any) -> Any:
    """A matrix of taps for each pair of frames; row 0 of the weights is for none."""
    steps, taps = frames.shape[1], len(weights) - 1
    place = torch.ones(steps, steps).tril(-1).triu(-taps)
    place = ((torch.arange(steps)[:, None] - torch.arange(steps)) * place).long()
    return frames + torch.einsum("ijd,bjd->bid", weights[place], frames)


def mlx_conv1d(frames: Any, weight: Any) -> Any:
    """MLX's convolution: channels last, weight (D, K, 1), without padding."""
    return F.conv1d(frames.transpose(1, 2), weight.transpose(1, 2), groups=weight.shape[0]).transpose(1, 2)


def nn2_frame(frame: Any, left: Any, right: Any, window: Any, left_stride: int, right_stride: int) -> Any:
    """CSI-NN2: a frame a call into a window, newest frame last, which yields the memory of a frame before it."""
    window[:-1] = window[1:].clone()
    window[-1] = frame
    now = (len(left) - 1) * left_stride
    memory = window[now].clone()
    for k in range(len(left)):
        memory += left[len(left) - 1 - k] * window[k * left_stride]
    for k in range(len(right)):
        memory += right[k] * window[now + left_stride + k * right_stride]
    return memory


def kaldi_memory(hidden: Any, filter: Any, position: Any) -> Any:
    """Kaldi's vFSMN: positions are a column of floats."""
    memory = hidden.clone()
    for tap in range(len(filter)):
        for row in (position[:, 0] > tap).nonzero()[:, 0]:
            memory[row] += filter[tap] * hidden[row - tap - 1]
    return memory
