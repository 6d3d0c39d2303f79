#include "gguf_file.h"

#include <cstdint>
#include <filesystem>
#include <memory>

#include "gguf.h"
#include "log.h"
#include "native_error.h"

namespace {

struct GgufDeleter {
  void operator()(gguf_context* gguf) const { gguf_free(gguf); }
};
using GgufPtr = std::unique_ptr<gguf_context, GgufDeleter>;

const char* nameOf(GgufRole role) {
  return role == GgufRole::kModel ? "model" : "mmproj";
}

uint64_t fileSize(const std::string& path, GgufRole role) {
  std::error_code error;
  const auto file = std::filesystem::u8path(path);
  if (!std::filesystem::is_regular_file(file, error)) {
    throw NativeError("ERR_MODEL_NOT_FOUND", std::string("No ") + nameOf(role) + " file at " + path);
  }
  return std::filesystem::file_size(file);
}

GgufPtr readHeader(const std::string& path, GgufRole role) {
  LogCapture log;
  GgufPtr gguf(gguf_init_from_file(path.c_str(), {/*no_alloc=*/true, /*ctx=*/nullptr}));
  if (!gguf) {
    throw NativeError("ERR_MODEL_INVALID", std::string("The ") + nameOf(role) + " file " + path +
                                               " is not a GGUF file, or is cut short in its header (" +
                                               log.text() + ")");
  }
  return gguf;
}

void checkSize(const gguf_context* gguf, const std::string& path, GgufRole role, uint64_t size) {
  uint64_t needed = gguf_get_data_offset(gguf);
  for (int64_t i = 0; i < gguf_get_n_tensors(gguf); i++) {
    const uint64_t end =
        gguf_get_data_offset(gguf) + gguf_get_tensor_offset(gguf, i) + gguf_get_tensor_size(gguf, i);
    if (end > needed) needed = end;
  }
  if (size < needed) {
    throw NativeError("ERR_MODEL_INVALID", std::string("The ") + nameOf(role) + " file " + path +
                                               " is cut short: its " + "tensors need " +
                                               std::to_string(needed) + " bytes, it has " +
                                               std::to_string(size) + ". Copy or download it again.");
  }
}

std::string stringValue(const gguf_context* gguf, const char* key) {
  const int64_t id = gguf_find_key(gguf, key);
  if (id < 0 || gguf_get_kv_type(gguf, id) != GGUF_TYPE_STRING) return "";
  return gguf_get_val_str(gguf, id);
}

bool boolValue(const gguf_context* gguf, const char* key) {
  const int64_t id = gguf_find_key(gguf, key);
  return id >= 0 && gguf_get_kv_type(gguf, id) == GGUF_TYPE_BOOL && gguf_get_val_bool(gguf, id);
}

void checkRole(const gguf_context* gguf, const std::string& path, GgufRole role) {
  const bool isMmproj = stringValue(gguf, "general.architecture") == "clip";
  if (role == GgufRole::kModel && isMmproj) {
    throw NativeError("ERR_MODEL_INVALID",
                      path + " is an mmproj file (a picture encoder). Give it as the mmproj, and " +
                          "the language model's GGUF as the model.");
  }
  if (role == GgufRole::kModel) return;
  if (!isMmproj) {
    throw NativeError("ERR_MODEL_INVALID", path + " is not an mmproj file: its architecture is \"" +
                                               stringValue(gguf, "general.architecture") +
                                               "\", expected \"clip\"");
  }
  if (!boolValue(gguf, "clip.has_vision_encoder")) {
    throw NativeError("ERR_NO_VISION",
                      "The mmproj file " + path + " has no vision encoder, so it cannot see pictures");
  }
}

uint32_t uintValue(const gguf_context* gguf, const char* key) {
  const int64_t id = gguf_find_key(gguf, key);
  return id < 0 || gguf_get_kv_type(gguf, id) != GGUF_TYPE_UINT32 ? 0 : gguf_get_val_u32(gguf, id);
}

bool has(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

// libmtmd asserts what its MobileNetV5 graph (Gemma 3n) needs, which would end the process.
void checkMobileNet(const gguf_context* gguf, const std::string& path) {
  if (stringValue(gguf, "clip.projector_type") != "gemma3nv" &&
      stringValue(gguf, "clip.vision.projector_type") != "gemma3nv") {
    return;
  }
  const uint32_t side = uintValue(gguf, "clip.vision.image_size");
  if (side == 0 || side % (side > 256 ? 256 : 32) != 0) {
    throw NativeError("ERR_MODEL_INVALID", "The mmproj file " + path + " has pictures of " +
                                               std::to_string(side) + " pixels a side; llama.cpp's " +
                                               "MobileNetV5 takes multiples of 256, or of 32 up to 256");
  }
  for (int64_t i = 0; i < gguf_get_n_tensors(gguf); i++) {
    const std::string name = gguf_get_tensor_name(gguf, i);
    if (!has(name, "conv") || !has(name, ".weight")) continue;
    const bool depthwise = has(name, ".dw_") || has(name, "down_conv");
    const ggml_type type = gguf_get_tensor_type(gguf, i);
    if (type == GGML_TYPE_F16 || type == (depthwise ? GGML_TYPE_BF16 : GGML_TYPE_F32)) continue;
    throw NativeError("ERR_MODEL_INVALID",
                      "The mmproj file " + path + " holds " + name + " as " + ggml_type_name(type) +
                          "; llama.cpp's convolutions take f16. " + "Convert it with --outtype f16.");
  }
}

}  // namespace

void checkGguf(const std::string& path, GgufRole role) {
  const uint64_t size = fileSize(path, role);
  const GgufPtr gguf = readHeader(path, role);
  checkSize(gguf.get(), path, role, size);
  checkRole(gguf.get(), path, role);
  if (role == GgufRole::kMmproj) checkMobileNet(gguf.get(), path);
}
