/* All four functions in C99 or C++, with a mistake that `--mistake N` chooses. */
#include "fsmn_kernel.h"

static int mistake;

static double *values(fsmn_call *call, const char *name) {
    const fsmn_array *array = fsmn_get(call, name);
    size_t n = (size_t)(array->shape[0] * array->shape[1]);
    double *all = (double *)calloc(n + 1, sizeof *all);
    for (size_t i = 0; i < n; i++)
        all[i] = strcmp(array->dtype, "float32") ? ((double *)array->data)[i] : ((float *)array->data)[i];
    return all;
}

static void give(fsmn_call *call, const char *name, long long rows, long long columns, double *all) {
    int wide = mistake == 8; /* float64 out for float32 in */
    for (int i = 0; i < call->arguments; i++) wide |= !strcmp(call->argument[i].dtype, "float64");
    void *result = fsmn_result(call, name, wide ? "float64" : "float32", rows, columns);
    for (long long i = 0; i < rows * columns; i++)
        if (wide) ((double *)result)[i] = all[i];
        else ((float *)result)[i] = (float)all[i];
    free(all);
}

static void kernel(fsmn_call *call) {
    static double kept; /* mistake 9 keeps it from call to call */
    int two = !strncmp(call->function, "bi_", 3), backward = strstr(call->function, "backward") != NULL;
    const char *filters[] = {two ? "bfilter" : "filter", "ffilter"}, *gradients[] = {two ? "dbfilter" : "dfilter", "dffilter"};
    const char *positions[] = {two ? "bposition" : "position", "fposition"}, *strides[] = {two ? "bstride" : "stride", "fstride"};
    if (mistake != 6 && fsmn_refused(call)) return;
    long long T = fsmn_get(call, "hidden")->shape[0], D = fsmn_get(call, "hidden")->shape[1];
    if (mistake == 10 && T > 1000) abort();
    double *h = values(call, "hidden"), *dm = backward ? values(call, "dmemory") : NULL;
    double *out = values(call, backward ? "dmemory" : "hidden"), *gradient[2] = {NULL, NULL};
    for (int side = 0; side <= two; side++) {
        const fsmn_array *filter = fsmn_get(call, filters[side]), *position = fsmn_get(call, positions[side]);
        long long N = filter->shape[0], stride = mistake == 2 ? 1 : fsmn_stride(call, strides[mistake == 5 ? 0 : side]);
        double *f = values(call, filters[side]);
        gradient[side] = (double *)calloc((size_t)(N * D) + 1, sizeof(double));
        for (long long r = 0; r < T; r++)
            for (long long i = 0; i < N; i++) {
                long long lag = (i + !(two && !side)) * stride, tap = mistake == 1 ? N - 1 - i : i;
                long long most = mistake == 3 ? (side ? T - 1 - r : r) : fsmn_integer(position, r), s = side ? r + lag : r - lag;
                double mask = lag <= most;
                if (mistake != 4 && !mask) continue;
                if (mistake == 4 && (s < 0 || s >= T)) continue; /* a mask of zeros and ones leaks NaN */
                if (mistake == 7 && backward && r == T - 1 && r) continue; /* the last row has no gradient */
                for (long long c = 0; c < D; c++)
                    if (backward) {
                        out[s * D + c] += mask * f[tap * D + c] * dm[r * D + c];
                        gradient[side][tap * D + c] += mask * h[s * D + c] * dm[r * D + c];
                    } else out[r * D + c] += mask * f[tap * D + c] * h[s * D + c];
            }
        free(f);
    }
    if (mistake == 9 && T > 0 && D > 0) out[0] += kept, kept = 1 - kept;
    give(call, backward ? "dhidden" : "memory", T, D, out);
    for (int side = 0; side <= two; side++)
        if (backward) give(call, gradients[side], fsmn_get(call, filters[side])->shape[0], D, gradient[side]);
        else free(gradient[side]);
    free(h), free(dm);
}

int main(int argc, char **argv) {
    mistake = argc > 2 && !strcmp(argv[1], "--mistake") ? atoi(argv[2]) : 0;
    return fsmn_serve("four.c", "1.0", "{\"formats\": [\"float32\", \"float64\"]}", kernel);
}
