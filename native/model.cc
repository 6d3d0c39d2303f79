#include "model.h"

#include <algorithm>

#include "gguf_file.h"
#include "log.h"
#include "native_error.h"

namespace {

struct Loading {
  const Model::Progress& progress;
  const std::atomic<bool>& aborted;
};

bool onProgress(float fraction, void* data) {
  const auto& loading = *static_cast<const Loading*>(data);
  loading.progress(fraction);
  return !loading.aborted;
}

}  // namespace

Model::Model(ModelOptions options, const Progress& progress, const std::atomic<bool>& aborted)
    : options_(std::move(options)) {
  checkGguf(options_.model, GgufRole::kModel);
  checkGguf(options_.mmproj, GgufRole::kMmproj);
  encoder_ = encoderFacts(options_.mmproj);

  Loading loading{progress, aborted};
  llama_model_params params = llama_model_default_params();
  params.n_gpu_layers = options_.gpuLayers;
  params.use_extra_bufts = !options_.lowMemory;
  params.progress_callback = onProgress;
  params.progress_callback_user_data = &loading;

  LogCapture log;
  model_.reset(llama_model_load_from_file(options_.model.c_str(), params));
  if (aborted) throw NativeError("ERR_ABORTED", "Loading the model was aborted");
  if (!model_)
    throw NativeError("ERR_MODEL_INVALID", "llama.cpp cannot load " + options_.model + ": " + log.text());
  if (!llama_model_has_decoder(get()) || llama_model_is_diffusion(get())) {
    throw NativeError("ERR_MODEL_INVALID", options_.model + " is not a model that answers with a next word");
  }
  visualWeights_ = std::make_unique<const VisualWeights>(options_.mmproj, get(), aborted);
}

std::vector<llama_token> Model::tokenize(const std::vector<TextSegment>& segments, bool addBos) const {
  std::string text;
  std::vector<llama_token> separate;
  ptrdiff_t markup = 0;
  for (const TextSegment& segment : segments) {
    const std::vector<llama_token> piece = tokenizePiece(segment.text, segment.special);
    if (segment.special) markup += countMarkup(piece);
    separate.insert(separate.end(), piece.begin(), piece.end());
    text += segment.text;
  }
  std::vector<llama_token> whole = tokenizePiece(text, true);
  std::vector<llama_token>& tokens = countMarkup(whole) == markup ? whole : separate;
  if (addBos && llama_vocab_get_add_bos(vocab())) tokens.insert(tokens.begin(), llama_vocab_bos(vocab()));
  return std::move(tokens);
}

// Tokens that text can only become where special tokens are on.
ptrdiff_t Model::countMarkup(const std::vector<llama_token>& tokens) const {
  return std::count_if(tokens.begin(), tokens.end(), [this](llama_token token) {
    return llama_vocab_get_attr(vocab(), token) & (LLAMA_TOKEN_ATTR_CONTROL | LLAMA_TOKEN_ATTR_UNKNOWN);
  });
}

std::vector<llama_token> Model::tokenizePiece(const std::string& text, bool special) const {
  std::vector<llama_token> tokens(text.size() + 8);
  const auto length = static_cast<int32_t>(text.size());
  int32_t count = llama_tokenize(vocab(), text.data(), length, tokens.data(), tokens.size(), false, special);
  if (count < 0) {
    tokens.resize(-count);
    count = llama_tokenize(vocab(), text.data(), length, tokens.data(), tokens.size(), false, special);
  }
  tokens.resize(std::max(count, 0));
  return tokens;
}

std::string Model::detokenize(const std::vector<llama_token>& tokens) const {
  std::string text;
  for (const llama_token token : tokens) text += tokenText(token);
  return text;
}

std::string Model::tokenText(llama_token token) const {
  if (token < 0 || token >= llama_vocab_n_tokens(vocab())) return "";
  std::string text(64, '\0');
  int32_t length = llama_token_to_piece(vocab(), token, text.data(), text.size(), 0, true);
  if (length < 0) {
    text.resize(-length);
    length = llama_token_to_piece(vocab(), token, text.data(), text.size(), 0, true);
  }
  text.resize(std::max(length, 0));
  return text;
}

std::string Model::metadata(const char* key) const {
  std::string value(256, '\0');
  int32_t length = llama_model_meta_val_str(get(), key, value.data(), value.size());
  if (length < 0) return "";
  if (static_cast<size_t>(length) >= value.size()) {
    value.resize(length + 1);
    llama_model_meta_val_str(get(), key, value.data(), value.size());
  }
  value.resize(length);
  return value;
}
