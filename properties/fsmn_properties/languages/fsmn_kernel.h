/* fsmn_kernel.h: verify a kernel in C or C++ with fsmn-properties, through a pipe. C99 or C++, no dependencies.

   Write a function `void kernel(fsmn_call *call)` that reads arguments (fsmn_get, fsmn_stride) and writes results
   (fsmn_result), and let `main` return fsmn_serve(name, version, promises, kernel). Standard output belongs to the
   protocol: print to stderr. Protocol and promises: docs/other_languages.md and docs/contract.md of fsmn-properties. */
#ifndef FSMN_KERNEL_H
#define FSMN_KERNEL_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char name[64], dtype[64]; /* as in "hidden", "float32" */
    int dimensions;
    long long shape[8];
    void *data; /* in C order; freed after the call */
} fsmn_array;

typedef struct {
    char function[64], stream[64];
    int arguments, strides, results;
    fsmn_array argument[8], result[4], stride[2]; /* strides have their value as text in `data` */
    char answer[512];                             /* what is answered instead of results */
} fsmn_call;

/* An argument by its name; NULL if there is none. */
static inline fsmn_array *fsmn_get(fsmn_call *call, const char *name) {
    for (int i = 0; i < call->arguments; i++)
        if (!strcmp(call->argument[i].name, name)) return &call->argument[i];
    return NULL;
}

/* A stride by its name: 1 if it is not given, and at most 2**40, which is beyond every frame. */
static inline long long fsmn_stride(const fsmn_call *call, const char *name) {
    for (int i = 0; i < call->strides; i++)
        if (!strcmp(call->stride[i].name, name)) {
            long long value = strtoll((const char *)call->stride[i].data, NULL, 10);
            return value < 1LL << 40 ? value : 1LL << 40;
        }
    return 1;
}

static inline size_t fsmn_width(const fsmn_array *array) {
    const char *digits = strpbrk(array->dtype, "123456789");
    return digits ? (size_t)atoi(digits) / 8 : 1;
}

static inline size_t fsmn_bytes(const fsmn_array *array) {
    size_t bytes = fsmn_width(array);
    for (int i = 0; i < array->dimensions; i++) bytes *= (size_t)array->shape[i];
    return bytes;
}

/* An entry of an array of any integer type; of uint64, those beyond long long are negative. */
static inline long long fsmn_integer(const fsmn_array *array, long long i) {
    size_t width = fsmn_width(array);
    unsigned long long value = 0, sign = 1ULL << (8 * width - 1);
    memcpy(&value, (const char *)array->data + (size_t)i * width, width);
    return (long long)(*array->dtype == 'u' ? value : (value ^ sign) - sign);
}

/* A new result, zeroed: a matrix of "float32" or another type. */
static inline void *fsmn_result(fsmn_call *call, const char *name, const char *dtype, long long rows, long long columns) {
    fsmn_array *result = &call->result[call->results++];
    snprintf(result->name, sizeof result->name, "%s", name);
    snprintf(result->dtype, sizeof result->dtype, "%s", dtype);
    result->dimensions = 2, result->shape[0] = rows, result->shape[1] = columns;
    return result->data = calloc(1, fsmn_bytes(result) + 1);
}

/* Answer that the call is refused; `kind` is "TypeError" or "ValueError", an index of -1 is none, as is an empty value. */
static inline void fsmn_refuse(fsmn_call *call, const char *kind, const char *argument, long long index,
                               const char *value, const char *words) {
    char place[32] = "", held[96] = "";
    if (index >= 0) snprintf(place, sizeof place, ", \"index\": %lld", index);
    if (*value) snprintf(held, sizeof held, ", \"value\": \"%.64s\"", value);
    snprintf(call->answer, sizeof call->answer,
             "{\"answer\": \"refused\", \"kind\": \"%s\", \"argument\": \"%.64s\"%s%s, \"words\": \"%.160s\"}", kind,
             argument, place, held, words);
}

/* Answer that the call is beyond what is promised; neither reasons nor words may have quotes in them. */
static inline void fsmn_unsupported(fsmn_call *call, const char *reason) {
    snprintf(call->answer, sizeof call->answer, "{\"answer\": \"unsupported\", \"reason\": \"%.300s\"}", reason);
}

/* What the kernel keeps of the stream of this call, NULL at first; on "close", free it and set it to NULL. */
static inline void **fsmn_state(const fsmn_call *call) {
    static struct { char stream[64]; void *state; } kept[256];
    int slot = -1;
    for (int i = 0; i < 256; i++) {
        if (kept[i].state && !strcmp(kept[i].stream, call->stream)) return &kept[i].state;
        if (!kept[i].state) slot = i;
    }
    if (slot < 0) fprintf(stderr, "fsmn_kernel.h: more than 256 streams\n"), exit(1);
    strcpy(kept[slot].stream, call->stream);
    return &kept[slot].state;
}

/* Refuse what rules D1 to D7 of the contract refuse, for a kernel with no checks of its own; 1 if it was refused. */
static inline int fsmn_refused(fsmn_call *call) {
    const fsmn_array *hidden = fsmn_get(call, "hidden") ? fsmn_get(call, "hidden") : call->argument;
    for (int i = 0; i < call->arguments && !*call->answer; i++) {
        const fsmn_array *array = &call->argument[i];
        const char *name = array->name, *type = array->dtype;
        int counts = strstr(name, "position") != NULL;
        long long T = hidden->shape[0];
        if (!strstr(type, "int") && (counts || strncmp(type, "float", 5)))
            fsmn_refuse(call, "TypeError", name, -1, type, counts ? "must be integers" : "must be floats or integers");
        else if (array->dimensions != (counts ? 1 : 2) || hidden->dimensions != 2)
            fsmn_refuse(call, "ValueError", name, -1, "", "has a wrong number of dimensions");
        else if ((counts || !strcmp(name, "dmemory")) && array->shape[0] != T)
            fsmn_refuse(call, "ValueError", name, -1, "", "must have an entry for each frame");
        else if (!counts && array->shape[1] != hidden->shape[1])
            fsmn_refuse(call, "ValueError", name, -1, "", "must have the channels of hidden");
        else if (!strcmp(name, "bfilter") && array->shape[0] == 0)
            fsmn_refuse(call, "ValueError", name, -1, "", "must have row 0, the own tap");
        for (long long r = 0; counts && r < T && !*call->answer; r++) {
            long long value = fsmn_integer(array, r), most = *name == 'f' ? T - 1 - r : r;
            char text[32];
            snprintf(text, sizeof text, *type == 'u' ? "%llu" : "%lld", value);
            if (value < 0 || value > most) fsmn_refuse(call, "ValueError", name, r, text, "is out of range");
        }
    }
    for (int i = 0; i < call->strides && !*call->answer; i++) {
        const char *name = call->stride[i].name, *text = (const char *)call->stride[i].data;
        if (!strstr(call->stride[i].dtype, "int")) fsmn_refuse(call, "TypeError", name, -1, text, "must be an integer");
        else if (*text == '-' || *text == '0') fsmn_refuse(call, "ValueError", name, -1, text, "must be at least 1");
    }
    return *call->answer != 0;
}

/* Read a call: the line of JSON that fsmn-properties writes, in which "name" is the first key of each array. */
static inline int fsmn_read(fsmn_call *call) {
    static char line[1 << 16];
    char key[64] = "", text[64];
    fsmn_array *array = NULL;
    int in_strides = 0;
    memset(call, 0, sizeof *call);
    if (!fgets(line, sizeof line, stdin)) return 0;
    for (char *at = line; *at;) {
        if (*at == '"') {
            size_t n = strcspn(++at, "\"");
            snprintf(text, sizeof text, "%.*s", (int)n, at);
            at += n + (at[n] == '"');
            at += strspn(at, " ");
            if (*at == ':') {
                strcpy(key, text);
                if (!strcmp(key, "arguments") || !strcmp(key, "strides")) in_strides = *key == 's';
            } else if (!strcmp(key, "call")) strcpy(call->function, text);
            else if (!strcmp(key, "stream")) strcpy(call->stream, text);
            else if (!strcmp(key, "name")) {
                if (in_strides ? call->strides == 2 : call->arguments == 8) return 0;
                array = in_strides ? &call->stride[call->strides++] : &call->argument[call->arguments++];
                strcpy(array->name, text);
            } else if (array && !strcmp(key, "dtype")) strcpy(array->dtype, text);
            else if (array && !strcmp(key, "value")) array->data = strcpy((char *)malloc(sizeof text), text);
        } else if (array && !strcmp(key, "shape") && *at >= '0' && *at <= '9' && array->dimensions < 8)
            array->shape[array->dimensions++] = strtoll(at, &at, 10);
        else at++;
    }
    for (int i = 0; i < call->arguments; i++) {
        size_t bytes = fsmn_bytes(&call->argument[i]);
        call->argument[i].data = malloc(bytes + 1);
        if (fread(call->argument[i].data, 1, bytes, stdin) != bytes) return 0;
    }
    return 1;
}

/* State what the kernel is, and answer calls until there are no more; `promises` is a JSON object. */
static inline int fsmn_serve(const char *name, const char *version, const char *promises, void (*kernel)(fsmn_call *)) {
    static fsmn_call call;
#ifdef __cplusplus
    const char *language = "C++";
#else
    const char *language = "C";
#endif
    printf("{\"fsmn\": 1, \"name\": \"%s\", \"version\": \"%s\", \"language\": \"%s\", \"promises\": %s}\n", name, version,
           language, promises);
    fflush(stdout);
    while (fsmn_read(&call)) {
        kernel(&call);
        if (!call.results && !*call.answer && !*call.stream) fsmn_unsupported(&call, "the kernel has no such function");
        if (*call.answer) call.results = 0;
        printf("%s", *call.answer ? call.answer : "{\"answer\": \"results\", \"results\": [");
        for (int i = 0; i < call.results; i++)
            printf("%s{\"name\": \"%s\", \"dtype\": \"%s\", \"shape\": [%lld, %lld]}", i ? ", " : "", call.result[i].name,
                   call.result[i].dtype, call.result[i].shape[0], call.result[i].shape[1]);
        printf(*call.answer ? "\n" : "]}\n");
        for (int i = 0; i < call.results; i++) fwrite(call.result[i].data, 1, fsmn_bytes(&call.result[i]), stdout);
        fflush(stdout); /* once an answer */
        for (int i = 0; i < 4; i++) free(call.result[i].data);
        for (int i = 0; i < 8; i++) free(call.argument[i].data);
        for (int i = 0; i < 2; i++) free(call.stride[i].data);
    }
    return 0;
}
#endif
