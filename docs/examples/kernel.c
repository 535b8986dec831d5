/* A kernel in C, by the pipe:  python -m fsmn_properties --c-header > fsmn_kernel.h
   cc -O2 -o kernel kernel.c && python -m fsmn_properties --command ./kernel   (./kernel --mistake is caught) */
#include "fsmn_kernel.h"

static int mistake;

static void kernel(fsmn_call *call) {
    if (fsmn_refused(call)) return;
    fsmn_array *hidden = fsmn_get(call, "hidden"), *filter = fsmn_get(call, "filter"), *position = fsmn_get(call, "position");
    long long T = hidden->shape[0], D = hidden->shape[1], N = filter->shape[0], stride = fsmn_stride(call, "stride");
    const float *h = (const float *)hidden->data, *f = (const float *)filter->data;
    float *memory = (float *)fsmn_result(call, "memory", "float32", T, D);
    for (long long r = 0; r < T; r++)
        for (long long c = 0; c < D; c++) {
            float sum = h[r * D + c];
            for (long long i = 0; i < N && (i + 1) * stride <= fsmn_integer(position, r); i++)
                sum += f[(mistake ? N - 1 - i : i) * D + c] * h[(r - (i + 1) * stride) * D + c];
            memory[r * D + c] = sum;
        }
}

int main(int argc, char **argv) {
    mistake = argc > 1 && !strcmp(argv[1], "--mistake"); /* taps oldest first */
    return fsmn_serve("kernel.c", "1.0", "{\"functions\": \"compact_vfsmn_memory_forward\", \"formats\": \"float32\"}", kernel);
}
