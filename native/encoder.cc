#include "encoder.h"

#include <algorithm>
#include <chrono>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif

#include "log.h"
#include "mapped_file.h"
#include "native_error.h"

// In libmtmd, by cmake/mends.cmake.
std::vector<unsigned char>& tonescorePixelsOf(mtmd_bitmap* bitmap);
mtmd_context* tonescoreInitEmpty(const char* mmproj, const llama_model* text,
                                 const mtmd_context_params& params);

namespace {

// Looking at a node splits the graph there; one in this many keeps that free and an abort within
// milliseconds.
constexpr uint32_t kNodesBetweenLooks = 64;

double millisecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

// Gives the whole pages between two places back to the system.
void letGo(uint8_t* begin, uint8_t* end) {
#ifdef __linux__
  static const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const uintptr_t first = (reinterpret_cast<uintptr_t>(begin) + page - 1) / page * page;
  const uintptr_t last = reinterpret_cast<uintptr_t>(end) / page * page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
#else
  (void)begin, (void)end;
#endif
}

// Piece by piece, so that a large picture which was given is in memory once, and not twice.
mtmd::bitmap_ptr bitmapOf(const Pixels& pixels) {
  constexpr size_t kPiece = 1 << 18;
  mtmd::bitmap_ptr bitmap(mtmd_bitmap_init(pixels.width, pixels.height, nullptr));
  std::vector<unsigned char>& copy = tonescorePixelsOf(bitmap.get());
  const size_t size = size_t{pixels.width} * pixels.height * 3;
  copy.reserve(size);
  for (size_t from = 0; from < size; from += kPiece) {
    uint8_t *const begin = pixels.rgb + from, *const end = begin + std::min(kPiece, size - from);
    copy.insert(copy.end(), begin, end);
    if (pixels.given) letGo(begin, end);
  }
  return bitmap;
}

}  // namespace

mtmd_context_params encoderParams(const EncoderOptions& options, int gpuLayers) {
  mtmd_context_params params = mtmd_context_params_default();
  params.use_gpu = gpuLayers != 0;
  params.print_timings = false;
  params.n_threads = options.threads;
  params.warmup = false;
  params.image_min_tokens = options.imageMinTokens;
  params.image_max_tokens = options.imageMaxTokens;
  // As in the decoder; attention is an operation of ours there (graphs/).
  if (!params.use_gpu) params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  return params;
}

Encoder::Encoder(const Model& model, const EncoderOptions& options, const ThreadPool& threads)
    : model_(model), options_(options), threads_(threads), watch_(new Watch) {
  const SharedWeights::Scope weights(model.encoderWeights());
  mtmd_ = open(/*withWeights=*/!model.options().lowMemory);
}

mtmd::context_ptr Encoder::open(bool withWeights) const {
  const ThreadPool::Scope scope(threads_);
  mtmd_context_params params = encoderParams(options_, model_.options().gpuLayers);
  params.cb_eval = onNode;
  params.cb_eval_user_data = watch_.get();

  const std::string& path = model_.options().mmproj;
  LogCapture log;
  mtmd::context_ptr mtmd(withWeights ? mtmd_init_from_file(path.c_str(), model_.get(), params)
                                     : tonescoreInitEmpty(path.c_str(), model_.get(), params));
  if (!mtmd) {
    const std::string cause = log.text();
    const bool mismatch = cause.find("mismatch between text model") != std::string::npos;
    throw NativeError(mismatch ? "ERR_MMPROJ_MISMATCH" : "ERR_MODEL_INVALID",
                      mismatch
                          ? "The mmproj " + path + " does not belong to the model " + model_.options().model +
                                ". Use the mmproj that was published with the model. (" + cause + ")"
                          : "llama.cpp cannot load the mmproj " + path + ": " + cause);
  }
  if (!mtmd_support_vision(mtmd.get()))
    throw NativeError("ERR_NO_VISION", "The mmproj " + path + " cannot see pictures");
  return mtmd;
}

// With little memory an encoder lives for one picture, and the language model's weights are elsewhere
// meanwhile.
mtmd::context_ptr Encoder::openForOne() const {
  if (!model_.options().lowMemory) return nullptr;
  letGoOfMapped(model_.options().model);
  return open(/*withWeights=*/true);
}

bool Encoder::onNode(ggml_tensor*, bool ask, void* data) {
  auto& watch = *static_cast<Watch*>(data);
  if (ask) return ++watch.nodes % kNodesBetweenLooks == 0;
  return !watch.aborted->load(std::memory_order_relaxed);
}

EncodedPicture Encoder::encode(const Pixels& pixels, const std::atomic<bool>& aborted) {
  const auto start = std::chrono::steady_clock::now();
  watch_->aborted = &aborted;
  watch_->nodes = 0;
  EncodedPicture picture;
  const mtmd::input_chunks_ptr chunks = preprocess(pixels);
  const mtmd::context_ptr own = openForOne();
  mtmd_context* const mtmd = own ? own.get() : get();
  for (size_t i = 0; i < mtmd_input_chunks_size(chunks.get()); i++) {
    const mtmd_input_chunk* chunk = mtmd_input_chunks_get(chunks.get(), i);
    picture.parts.push_back(encodeChunk(mtmd, chunk));
    picture.tokens += mtmd_input_chunk_get_n_tokens(chunk);
    // A graph that was cut off reports success, so what it left behind is thrown away here.
    if (aborted) throw NativeError("ERR_ABORTED", "The operation was aborted");
  }
  picture.milliseconds = millisecondsSince(start);
  return picture;
}

mtmd::input_chunks_ptr Encoder::preprocess(const Pixels& pixels) const {
  const mtmd::bitmap_ptr bitmap = bitmapOf(pixels);
  pixels.onTaken();
  const mtmd_input_part part{nullptr, bitmap.get()};
  const mtmd_input_part* const parts[] = {&part};
  mtmd::input_chunks_ptr chunks(mtmd_input_chunks_init());
  LogCapture log;
  if (mtmd_tokenize_from_parts(get(), chunks.get(), parts, 1, /*add_special=*/false) != 0) {
    throw NativeError("ERR_INFERENCE", "The model cannot take a picture of " + std::to_string(pixels.width) +
                                           "×" + std::to_string(pixels.height) + " pixels (" + log.text() +
                                           "). Give one of a less extreme shape.");
  }
  return chunks;
}

EncodedPicture::Part Encoder::encodeChunk(mtmd_context* mtmd, const mtmd_input_chunk* chunk) const {
  if (mtmd_input_chunk_get_type(chunk) == MTMD_INPUT_CHUNK_TYPE_TEXT) {
    size_t count = 0;
    const llama_token* tokens = mtmd_input_chunk_get_tokens_text(chunk, &count);
    for (size_t i = 0; i < count; i++) {
      if (tokens[i] >= 0) continue;
      throw NativeError("ERR_MMPROJ_MISMATCH", "The mmproj " + model_.options().mmproj +
                                                   " puts a word around pictures "
                                                   "that the vocabulary of " +
                                                   model_.options().model +
                                                   " lacks. Use "
                                                   "the mmproj that was published with the model.");
    }
    return std::vector<llama_token>(tokens, tokens + count);
  }
  LogCapture log;
  if (mtmd_encode_chunk(mtmd, chunk) != 0)
    throw NativeError("ERR_INFERENCE", "Encoding failed: " + log.text());
  const size_t tokens = mtmd_input_chunk_get_n_tokens(chunk);
  const float* values = mtmd_get_output_embd(mtmd);
  const size_t size = tokens * llama_model_n_embd_inp(model_.get());
  return EncodedPicture::Embeddings{
      {mtmd_input_chunk_get_placeholder(chunk), mtmd_input_chunk_free},
      {values, values + size},
      tokens,
      mtmd_decode_use_non_causal(mtmd, chunk),
  };
}
