# Faults of libmtmd that change what a model sees, mended in copies of its files, which are compiled in their place.
# docs/parity.md says what is held against what.

# What must stand in a file of libmtmd once, and what is to stand there.
function(mend file wrong right)
  if(NOT file IN_LIST MENDED_FILES)
    file(READ ${MTMD_SOURCE}/${file} text)
    set(MENDED_FILES ${MENDED_FILES} ${file} PARENT_SCOPE)
  else()
    set(text "${mended_${file}}")
  endif()
  string(FIND "${text}" "${wrong}" first)
  string(FIND "${text}" "${wrong}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "Expected this once in libmtmd's ${file}, where mends.cmake mends it: ${wrong}")
  endif()
  string(REPLACE "${wrong}" "${right}" text "${text}")
  set(mended_${file} "${text}" PARENT_SCOPE)
endfunction()

# LLaVA: the class embedding stands before the patches, where the position embeddings and the choice of rows expect it,
# and the encoder's last layer, which the converters leave out already, is not left out once more.
mend(models/llava.cpp "ggml_concat(ctx0, inp, model.class_embedding, 1)" "ggml_concat(ctx0, model.class_embedding, inp, 1)")
mend(models/llava.cpp "int il_last = hparams.n_layer - 1;" "int il_last = hparams.n_layer;")
mend(models/llava.cpp "il_last += 1;" "")

# Qwen-VL and Gemma 3 stretch a picture to their input size; libmtmd kept its shape and filled the rest with black.
mend(clip.cpp "// default value for Qwen 2 and 2.5" "hparams.image_resize_pad = PAD_NONE;")
mend(clip.cpp "// test model (tinygemma3) has a different value, we optionally read it" "hparams.image_resize_pad = PAD_NONE;")

# And its size is rounded by Python there, halves to even. Families that are still padded are left as they are.
mend(mtmd-image.cpp "int longest_edge = 0; // 0 = disabled" "int longest_edge = 0; bool to_even = false;")
mend(mtmd-image.cpp "/* longest_edge */ 0," "0, hparams.image_resize_pad == PAD_NONE,")
mend(mtmd-image.cpp "round_by_factor = [f = opts.align_size]" "round_by_factor = [f = opts.align_size, &opts]")
mend(mtmd-image.cpp "std::round(x / static_cast<float>(f))"
     "(opts.to_even ? std::nearbyint(x / static_cast<float>(f)) : std::round(x / static_cast<float>(f)))")

# Pixtral: memory that was never written is cleared, not multiplied with 0, which left NaN where it held NaN.
mend(models/pixtral.cpp "ggml_scale(ctx0, tok, 0.0)" "ggml_fill(ctx0, tok, 0.0f)")

# The graph for a picture of the model's own size is built at once, so that graph_checks.h refuses a file whose tensors and
# settings do not fit together when it is loaded, not at the first picture.
mend(clip.cpp "ctx_clip.support_batch = builder->support_batch();"
     "ctx_clip.support_batch = builder->support_batch(); graph_checks::checkTypes(ctx_clip.sched.get(), builder->build());")

# What the encoders took is given back where the language model turns out to be another one's.
mend(mtmd.cpp "        ctx_gen_a = res.ctx_gen_a;"
     "        ctx_gen_a = res.ctx_gen_a;
        using owner = std::unique_ptr<clip_ctx, decltype(&clip_free)>;
        owner owners[] = {{ctx_v, clip_free}, {ctx_a, clip_free}, {ctx_gen_a, clip_free}};")
mend(mtmd.cpp "            init_audio();
        }
"    "            init_audio();
        }
        for (owner & each : owners) each.release();
")

# A large picture is in memory once while it is scaled: encoder.cc fills the bitmap, which hands it over.
mend(mtmd.cpp "    std::vector<unsigned char> data;" "    mutable std::vector<unsigned char> data;
    friend std::vector<unsigned char> & tonescorePixelsOf(mtmd_bitmap * bitmap);")
mend(mtmd.cpp "struct mtmd_input_chunk {"
     "std::vector<unsigned char> & tonescorePixelsOf(mtmd_bitmap * bitmap) {
    return bitmap->data;
}

struct mtmd_input_chunk {")
mend(mtmd.cpp "    const std::vector<unsigned char> & get_ro_buf() const {"
     "    void swap_buf(const std::vector<unsigned char> & other) const {
        data.swap(const_cast<std::vector<unsigned char> &>(other));
    }

    const std::vector<unsigned char> & get_ro_buf() const {")
mend(mtmd.cpp "                img_u8.set_size(
                    {(int)bmp->nx, (int)bmp->ny},
                    bmp->is_placeholder());
                img_u8.cpy_buf(bmp->get_ro_buf());"
     "                const bool is_placeholder = bmp->is_placeholder();
                img_u8.set_size({1, 1}, false);
                if (!is_placeholder) bmp->swap_buf(img_u8.get_ro_buf());
                img_u8.set_size({(int)bmp->nx, (int)bmp->ny}, is_placeholder);")

# And what it was scaled to is in memory once while it is encoded: it goes straight into the graph, and is let go there.
mend(clip.cpp "        std::vector<float> inp_raw(nelem);"
     "        ggml_tensor * raw = get_inp_tensor(\"inp_raw\");
        GGML_ASSERT(raw->type == GGML_TYPE_F32 && (size_t) ggml_nelements(raw) == nelem);
        const bool is_host = ggml_backend_buffer_is_host(raw->buffer);
        std::vector<float> inp_raw(is_host ? 0 : nelem);")
mend(clip.cpp "float * batch_entry = inp_raw.data() + b * (3*n);"
     "float * batch_entry = (is_host ? (float *) raw->data : inp_raw.data()) + b * (3*n);")
mend(clip.cpp "        set_input_f32(\"inp_raw\", inp_raw);

    }" "        if (!is_host) set_input_f32(\"inp_raw\", inp_raw);
        for (const auto & img : imgs.entries) {
            std::vector<float>().swap(const_cast<std::vector<float> &>(img.get_ro_buf()));
        }

    }")

# A graph's nodes have room for thousands: a vector clears it, and so takes all of it.
mend(clip.cpp "std::vector<uint8_t> buf_compute_meta;"
     "struct {
        std::unique_ptr<uint8_t[]> bytes;
        size_t count = 0;
        void resize(size_t n) { bytes.reset(new uint8_t[n]); count = n; }
        uint8_t * data() { return bytes.get(); }
        size_t size() const { return count; }
    } buf_compute_meta;")

# The sessions of a model on the CPU have its weights in memory once.
mend(clip.cpp "loader.load_tensors(*ctx_vision);"
     "const bool isCpu = ctx_vision->backend == ctx_vision->backend_cpu;
            const auto load = [&] {
                loader.load_tensors(*ctx_vision);
            };
            if (isCpu) SharedWeights::take(ctx_vision->model, ctx_vision->ctx_data, ctx_vision->buf, load);
            else load();")
mend(clip.cpp "#include \"models/models.h\"" "#include \"models/models.h\"
#include \"shared_weights.h\"")

# An encoder that is only to be measured has none for them, of the computer or a GPU.
mend(clip.cpp "ctx_clip.buf.reset(ggml_backend_alloc_ctx_tensors_from_buft(ctx_clip.ctx_data.get(), buft));"
     "ctx_clip.buf.reset(ctx_clip.no_alloc ? bufferWithoutMemory(ctx_clip.ctx_data.get(), buft)
                                                 : ggml_backend_alloc_ctx_tensors_from_buft(ctx_clip.ctx_data.get(), buft));")

if(NOT MSVC)
# On the CPU a graph of ours stands in for MobileNetV5's, which spent nearly all of its time moving pictures (graphs/).
mend(clip.cpp "loader.load_tensors(*ctx_vision);"
     "loader.load_tensors(*ctx_vision);
                if (isCpu) mobilenetv5::layOut(ctx_vision->model, ctx_vision->ctx_data, ctx_vision->buf);")
mend(clip.cpp "builder = std::make_unique<clip_graph_mobilenetv5>(ctx, img);"
     "if (ctx->backend == ctx->backend_cpu) builder = mobilenetv5::graph(ctx, img);
                else builder = std::make_unique<clip_graph_mobilenetv5>(ctx, img);")
# And an operation of ours for attention, where flash attention rounds to f16 and takes longer.
mend(clip.cpp "cb(k, \"k\", il);

    ggml_tensor * cur;
" "cb(k, \"k\", il);

    ggml_tensor * cur;

    if (attention::takes(wo, q_cur, k_cur, v_cur, kq_mask, sinks)) {
        cur = build_mm(wo, attention::attend(ctx0, q_cur, k_cur, v_cur, kq_mask, kq_scale));
        return wo_b ? ggml_add(ctx0, cur, wo_b) : cur;
    }
")
# And one for yasa2's convolutions of 7x7, which were products of rows of 49.
mend(models/yasa2.cpp "ggml_conv_2d_dw(ctx0, blk.dw_w, cur, 1, 1, 3, 3, 1, 1)" "yasa2::depthwise(ctx0, blk.dw_w, cur)")
mend(models/yasa2.cpp "#include \"models.h\"" "#include \"models.h\"
#include \"yasa2.h\"")
mend(clip.cpp "#include \"models/models.h\"" "#include \"models/models.h\"
#include \"attention.h\"
#include \"mobilenetv5.h\"")
endif()

include(cmake/owl2.cmake)
include(cmake/need.cmake)

foreach(file ${MENDED_FILES})
  set(copy ${MEND_FOLDER}/${file})
  set(before "")
  if(EXISTS ${copy})
    file(READ ${copy} before)
  endif()
  if(NOT before STREQUAL mended_${file})
    file(WRITE ${copy} "${mended_${file}}")
  endif()
endforeach()
