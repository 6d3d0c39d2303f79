#include "gguf_file.h"

#include <cmath>

#include "ggml.h"
#include "gguf_language.h"
#include "gguf_owl2.h"
#include "native_error.h"

namespace {

// Patches a side that become one token; pictures are filled up to whole tokens, so more asks for time only.
constexpr int64_t kMostMerged = 16;

bool has(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

// What llama.cpp multiplies with; of integers, it reads one table of experts.
void checkTensorTypes(const GgufHeader& file) {
  for (int64_t i = 0; i < file.tensors(); i++) {
    const ggml_type type = gguf_get_tensor_type(file.get(), i);
    const std::string name = file.tensorName(i);
    const bool weights = type == GGML_TYPE_F32 || ggml_get_type_traits(type)->to_float != nullptr;
    const bool table = type == GGML_TYPE_I32 && has(name, "tid2eid");
    file.require(weights || table,
                 "holds " + name + " as " + ggml_type_name(type) + ", which are no weights");
    file.require(gguf_get_tensor_size(file.get(), i) > 0, "holds nothing as " + name);
  }
}

void checkNumbers(const GgufHeader& file) {
  const gguf_context* gguf = file.get();
  for (int64_t i = 0; i < file.keys(); i++) {
    gguf_type type = gguf_get_kv_type(gguf, i);
    const float* values = nullptr;
    size_t count = 1;
    if (type == GGUF_TYPE_ARRAY) {
      if (gguf_get_arr_type(gguf, i) != GGUF_TYPE_FLOAT32) continue;
      values = static_cast<const float*>(gguf_get_arr_data(gguf, i));
      count = gguf_get_arr_n(gguf, i);
    } else if (type == GGUF_TYPE_FLOAT32) {
      values = static_cast<const float*>(gguf_get_val_data(gguf, i));
    } else {
      continue;
    }
    const std::string key = gguf_get_key(gguf, i);
    const bool positive = has(key, "epsilon");
    for (size_t k = 0; k < count; k++) {
      file.require(std::isfinite(values[k]) && (!positive || values[k] >= 0),
                   "says " + std::to_string(values[k]) + " for " + key);
    }
  }
}

// Each block has tensors, so a count beyond theirs asks for memory only.
void checkBlockCount(const GgufHeader& file, const std::string& prefix) {
  const auto blocks = file.integer(prefix + ".block_count");
  file.require(!blocks || (*blocks >= 0 && *blocks <= file.tensors()),
               "says that it has " + std::to_string(blocks.value_or(0)) + " blocks, but holds " +
                   std::to_string(file.tensors()) + " tensors");
}

void checkModel(const GgufHeader& file, const std::string& path) {
  if (file.text("general.architecture") == "clip") {
    throw NativeError("ERR_MODEL_INVALID",
                      path + " is an mmproj file (a picture encoder). Give it as the mmproj, and " +
                          "the language model's GGUF as the model.");
  }
  checkBlockCount(file, file.text("general.architecture"));
  checkLanguageModel(file);
}

void checkMmproj(const GgufHeader& file, const std::string& path) {
  const std::string architecture = file.text("general.architecture");
  file.require(architecture == "clip",
               "is not an mmproj file: its architecture is \"" + architecture + "\", expected \"clip\"");
  if (!file.flag("clip.has_vision_encoder")) {
    throw NativeError("ERR_NO_VISION",
                      "The mmproj file " + path + " has no vision encoder, so it cannot see pictures");
  }
  checkBlockCount(file, "clip.vision");
  checkBlockCount(file, "clip.audio");
  for (const char* key : {"clip.vision.spatial_merge_size", "clip.vision.projector.scale_factor"}) {
    const int64_t merged = file.integer(key).value_or(1);
    file.require(merged >= 0 && merged <= kMostMerged,
                 "merges " + std::to_string(merged) + " patches a side into one token");
  }
  if (isOwl2(file)) checkOwl2(file);
}

}  // namespace

void checkGguf(const std::string& path, GgufRole role) {
  const GgufHeader file(path, role == GgufRole::kModel ? "model" : "mmproj");
  checkTensorTypes(file);
  checkNumbers(file);
  if (role == GgufRole::kModel) {
    checkModel(file, path);
  } else {
    checkMmproj(file, path);
  }
}
