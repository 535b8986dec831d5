/* A stream of the unidirectional form in C99 or C++, with a mistake that `--mistake N` chooses. */
#include "fsmn_kernel.h"

typedef struct {
    long long taps, channels, stride, frames; /* frames pushed so far */
    double *filter, *kept;                    /* kept: the last taps * stride frames, in a ring */
    int finished;
} state;

static int mistake;

static double *doubles(const fsmn_array *array) {
    size_t n = (size_t)(array->shape[0] * array->shape[1]);
    double *all = (double *)malloc((n + 1) * sizeof *all);
    memcpy(all, array->data, n * sizeof *all);
    return all;
}

static void kernel(fsmn_call *call) {
    static state *shared;
    void **kept = fsmn_state(call);
    state *s = (state *)*kept;
    if (!strcmp(call->function, "close")) {
        if (s) free(s->filter), free(s->kept), free(s);
        *kept = NULL;
        return;
    }
    if (fsmn_refused(call)) return;
    if (!strcmp(call->function, "compact_vfsmn_stream")) {
        const fsmn_array *filter = fsmn_get(call, "filter");
        s = (state *)calloc(1, sizeof *s);
        s->taps = filter->shape[0], s->channels = filter->shape[1], s->stride = fsmn_stride(call, "stride");
        if (s->stride > 1000) s->taps = 0; /* most_stride is promised */
        s->filter = doubles(filter);
        s->kept = (double *)calloc((size_t)((s->taps * s->stride + 1) * s->channels) + 1, sizeof(double));
        *kept = s;
        if (!shared) shared = s;
        return;
    }
    if (s->finished) {
        fsmn_refuse(call, "ValueError", "frames", -1, "", "come after finish");
        return;
    }
    const fsmn_array *frames = fsmn_get(call, "frames");
    long long count = frames ? frames->shape[0] : 0, D = s->channels, ring = s->taps * s->stride + 1 - (mistake == 1);
    if (frames && frames->shape[1] != D) {
        fsmn_refuse(call, "ValueError", "frames", -1, "", "must have the channels of the filter");
        return;
    }
    s->finished = !frames;
    if (mistake == 3 && frames && !count) abort();
    double *memory = (double *)fsmn_result(call, "memory", "float64", count, D), *past = mistake == 2 ? shared->kept : s->kept;
    for (long long r = 0; r < count; r++, s->frames++)
        for (long long c = 0; c < D; c++) {
            double sum = past[s->frames % ring * D + c] = ((const double *)frames->data)[r * D + c];
            for (long long i = 0; i < s->taps && (i + 1) * s->stride <= s->frames; i++)
                sum += s->filter[i * D + c] * past[(s->frames - (i + 1) * s->stride) % ring * D + c];
            memory[r * D + c] = sum;
        }
}

int main(int argc, char **argv) {
    mistake = argc > 2 && !strcmp(argv[1], "--mistake") ? atoi(argv[2]) : 0;
    return fsmn_serve("stream.c", "1.0",
                      "{\"functions\": [\"compact_vfsmn_stream\"], \"formats\": \"float64\", \"most_stride\": 1000}", kernel);
}
