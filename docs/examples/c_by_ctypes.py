"""C by ctypes. The mistake: taps stop at the start of the array, not at that of the utterance."""

from subprocess import run
from tempfile import mkdtemp

from fsmn_properties import adapters

PROTOTYPE = """void memory(const double *hidden, const double *filter, const int32_t *position, double *memory,
                       int frames, int channels, int taps, long stride)"""
BODY = """{
    for (int e = 0; e < frames * channels; e++) {
        memory[e] = hidden[e];
        for (long i = 0; i < taps && (i + 1) * stride <= BACK; i++)
            memory[e] += filter[i * channels + e % channels] * hidden[e - (i + 1) * stride * channels];
    }
}"""


def block(back):
    command = f"cc -include stdint.h -DBACK={back} -O2 -shared -fPIC -o memory.so -x c -".split()
    run(command, cwd=(folder := mkdtemp()), input=PROTOTYPE + BODY, text=True, check=True)
    return adapters.ctypes_function(f"{folder}/memory.so", PROTOTYPE, nonfinite=True)


target, mistaken = block("position[e/channels]"), block("e/channels")
