"""numba: loops over positions, compiled. The mistake: a tap is left out where it would reach the first frame."""

from numba import njit

from fsmn_properties import adapters


@njit
def memory(hidden, filter, position, stride, missing=0):
    result = hidden.copy()
    for r in range(len(hidden)):
        for i in range(min(len(filter), (position[r] - missing) // stride)):
            result[r] += filter[i] * hidden[r - (i + 1) * stride]
    return result


@njit
def off_by_one(hidden, filter, position, stride):
    return memory(hidden, filter, position, stride, 1)


target = adapters.array_function(memory, nonfinite=True, most_stride=2**40)
mistaken = adapters.array_function(off_by_one, nonfinite=True, most_stride=2**40)
