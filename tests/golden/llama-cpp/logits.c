// Prints llama.cpp's logits: the oracle behind the goldens of this folder.
//   logits CPU_BACKEND.so MODEL.gguf OUT.f32 ID [ID ...]
// Writes [number of ids, vocabulary] singles, row-major, little-endian. One thread, no flash attention, key-value cache in f32,
// so that nothing but the order of sums separates the result from exact fp32.
#include "llama.h"
#include "ggml-backend.h"
#include <stdio.h>
#include <stdlib.h>

static void report(enum ggml_log_level level, const char *text, void *user) {
    (void) user;
    if (level >= GGML_LOG_LEVEL_ERROR || getenv("VERBOSE")) {
        fputs(text, stderr);
    }
}

static void fail(const char *what) {
    fprintf(stderr, "%s failed\n", what);
    exit(1);
}

int main(int argc, char **argv) {
    if (argc < 5) {
        fail("usage: logits CPU_BACKEND.so MODEL.gguf OUT.f32 ID...;");
    }

    llama_log_set(report, NULL);
    if (!ggml_backend_load(argv[1])) {
        fail("loading the backend");
    }

    llama_backend_init();
    struct llama_model_params model_params = llama_model_default_params();
    model_params.n_gpu_layers = 0;
    model_params.use_extra_bufts = false;
    struct llama_model *model = llama_model_load_from_file(argv[2], model_params);
    if (!model) {
        fail("loading the model");
    }

    int count = argc - 4;
    struct llama_context_params params = llama_context_default_params();
    params.n_ctx = 256;
    params.n_batch = params.n_ubatch = 256;
    params.n_seq_max = 1;
    params.n_threads = params.n_threads_batch = 1;
    params.type_k = params.type_v = GGML_TYPE_F32;
    params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
    struct llama_context *context = llama_init_from_model(model, params);
    if (!context) {
        fail("creating the context");
    }

    int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
    struct llama_batch batch = llama_batch_init(count, 0, 1);
    batch.n_tokens = count;
    for (int i = 0; i < count; i++) {
        batch.token[i] = atoi(argv[4 + i]);
        batch.pos[i] = i;
        batch.n_seq_id[i] = 1;
        batch.seq_id[i][0] = 0;
        batch.logits[i] = 1;
    }

    if (llama_decode(context, batch)) {
        fail("decoding");
    }

    FILE *out = fopen(argv[3], "wb");
    if (!out) {
        fail("opening the output");
    }

    for (int i = 0; i < count; i++) {
        if (fwrite(llama_get_logits_ith(context, i), sizeof(float), vocabulary, out) != (size_t) vocabulary) {
            fail("writing");
        }
    }

    fclose(out);
    llama_batch_free(batch);
    llama_free(context);
    llama_model_free(model);
    return 0;
}
