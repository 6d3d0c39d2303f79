#include <string>
#include <unordered_set>

#include "gguf_language.h"

namespace {

// Where `key` is an array of strings, its number; else -1, of which llama.cpp itself complains.
int64_t stringArray(const GgufHeader& file, const char* key) {
  const int64_t id = gguf_find_key(file.get(), key);
  if (id < 0 || gguf_get_kv_type(file.get(), id) != GGUF_TYPE_ARRAY) return -1;
  return gguf_get_arr_type(file.get(), id) == GGUF_TYPE_STRING ? id : -1;
}

// llama.cpp finds a token by its text.
void checkTokens(const GgufHeader& file, int64_t tokens) {
  const size_t count = gguf_get_arr_n(file.get(), tokens);
  std::unordered_set<std::string> seen(count * 2);
  for (size_t i = 0; i < count; i++) {
    std::string token = gguf_get_arr_str(file.get(), tokens, i);
    if (token.empty()) token = "[EMPTY_" + std::to_string(i) + "]";  // as llama.cpp calls it
    file.require(seen.insert(token).second, "has token " + std::to_string(i) + " twice");
  }
}

// A token of type "byte" is read as <0x..>.
void checkBytes(const GgufHeader& file, int64_t tokens) {
  const int64_t types = gguf_find_key(file.get(), "tokenizer.ggml.token_type");
  if (types < 0 || gguf_get_kv_type(file.get(), types) != GGUF_TYPE_ARRAY ||
      gguf_get_arr_type(file.get(), types) != GGUF_TYPE_INT32) {
    return;
  }
  constexpr int32_t kByte = 6;
  const auto* type = static_cast<const int32_t*>(gguf_get_arr_data(file.get(), types));
  const size_t count = std::min(gguf_get_arr_n(file.get(), types), gguf_get_arr_n(file.get(), tokens));
  for (size_t i = 0; i < count; i++) {
    const std::string token = gguf_get_arr_str(file.get(), tokens, i);
    file.require(type[i] != kByte || (token.size() == 6 && token.rfind("<0x", 0) == 0),
                 "has token " + std::to_string(i) + " for a byte, but its text names none");
  }
}

}  // namespace

void checkVocabulary(const GgufHeader& file) {
  const int64_t tokens = stringArray(file, "tokenizer.ggml.tokens");
  if (tokens < 0) return;
  checkTokens(file, tokens);
  checkBytes(file, tokens);
}
