# What need.cc asks of libmtmd: an encoder without its weights, and how large the memory of its graph for a picture would be.
# Inputs, but for the picture, are made beside the graph and copied into it; the largest are masks.

mend(clip.cpp "bool clip_encode(struct clip_ctx * ctx, struct clip_encode_params * params) {"
     "std::map<ggml_backend_dev_t, size_t> tonescoreEncodingNeed(clip_ctx * ctx, const clip_image_f32_batch & imgs) {
    if (ctx->flash_attn_type == CLIP_FLASH_ATTN_TYPE_AUTO) ctx->flash_attn_type = CLIP_FLASH_ATTN_TYPE_ENABLED;
    std::vector<size_t> sizes(ctx->backend_ptrs.size());
    const auto builder = clip_get_graph_builder(ctx, imgs);
    ggml_cgraph * gf = builder->build();
    ggml_backend_sched_reserve_size(ctx->sched.get(), gf, sizes.data());
    std::map<ggml_backend_dev_t, size_t> need;
    size_t & largest = need[ggml_backend_get_device(ctx->backend_cpu)];
    for (int i = 0; i < ggml_graph_n_nodes(gf); i++) {
        for (const ggml_tensor * input : ggml_graph_node(gf, i)->src) {
            if (!input || !(input->flags & GGML_TENSOR_FLAG_INPUT) || std::strcmp(input->name, \"inp_raw\") == 0) continue;
            largest = std::max(largest, ggml_nbytes(input));
        }
    }
    for (size_t i = 0; i < sizes.size(); i++) need[ggml_backend_get_device(ctx->backend_ptrs[i])] += sizes[i];
    return need;
}

bool clip_encode(struct clip_ctx * ctx, struct clip_encode_params * params) {")

mend(mtmd.cpp "mtmd_context * mtmd_init_from_file(const char * mmproj_fname,"
     "mtmd_context * tonescoreInitEmpty(const char * mmproj, const llama_model * text, const mtmd_context_params & params) {
    try {
        return new mtmd_context(mmproj, text, params, /* no_alloc */ true);
    } catch (const std::exception & e) {
        LOG_ERR(\"%s: error: %s\\n\", __func__, e.what());
        return nullptr;
    }
}

#if defined(__GNUC__) && !defined(_WIN32)
__attribute__((weak)) // not there beside libmtmd's own clip.cpp, which bench/encoderProfile.cc is linked with, too
#endif
std::map<ggml_backend_dev_t, size_t> tonescoreEncodingNeed(clip_ctx * ctx, const clip_image_f32_batch & imgs);

std::map<ggml_backend_dev_t, size_t> tonescoreEncodingNeed(mtmd_context * ctx, const mtmd_input_chunk * chunk) {
    return tonescoreEncodingNeed(ctx->ctx_v, chunk->tokens_image->batch_f32);
}

std::map<ggml_backend_dev_t, size_t> tonescoreWeightsNeed(const mtmd_context * ctx) {
    return clip_get_mem_usage(ctx->ctx_v);
}

mtmd_context * mtmd_init_from_file(const char * mmproj_fname,")

# Memory that is not there is an error, and ends no process.
mend(clip.cpp "            ggml_backend_buffer_set_usage(ctx_clip.buf.get(), GGML_BACKEND_BUFFER_USAGE_WEIGHTS);
            // read the weight from file"
     "            if (!ctx_clip.buf) throw std::runtime_error(\"no memory for the weights\");
            ggml_backend_buffer_set_usage(ctx_clip.buf.get(), GGML_BACKEND_BUFFER_USAGE_WEIGHTS);
            // read the weight from file")
