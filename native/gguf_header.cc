#include "gguf_header.h"

#include <filesystem>

#include "log.h"
#include "native_error.h"

namespace {

uint64_t fileSize(const std::string& path, const char* kind) {
  std::error_code error;
  const auto file = std::filesystem::u8path(path);
  if (!std::filesystem::is_regular_file(file, error)) {
    throw NativeError("ERR_MODEL_NOT_FOUND", std::string("No ") + kind + " file at " + path);
  }
  return std::filesystem::file_size(file);
}

}  // namespace

GgufHeader::GgufHeader(const std::string& path, const char* kind) : path_(path), kind_(kind) {
  const uint64_t size = fileSize(path, kind);
  LogCapture log;
  gguf_.reset(gguf_init_from_file(path.c_str(), {/*no_alloc=*/true, /*ctx=*/nullptr}));
  require(gguf_ != nullptr, "is not a GGUF file, or is cut short in its header (" + log.text() + ")");
  checkSize(size);
}

void GgufHeader::checkSize(uint64_t size) const {
  const uint64_t start = gguf_get_data_offset(get());
  uint64_t needed = start;
  for (int64_t i = 0; i < tensors(); i++) {
    const uint64_t end = start + gguf_get_tensor_offset(get(), i) + gguf_get_tensor_size(get(), i);
    if (end > needed) needed = end;
  }
  require(size >= needed, "is cut short: its tensors need " + std::to_string(needed) + " bytes, it has " +
                              std::to_string(size) + ". Copy or download it again.");
}

std::optional<int64_t> GgufHeader::integer(const std::string& key) const {
  const int64_t id = gguf_find_key(get(), key.c_str());
  if (id < 0) return std::nullopt;
  switch (gguf_get_kv_type(get(), id)) {
    case GGUF_TYPE_UINT8:
      return gguf_get_val_u8(get(), id);
    case GGUF_TYPE_INT8:
      return gguf_get_val_i8(get(), id);
    case GGUF_TYPE_UINT16:
      return gguf_get_val_u16(get(), id);
    case GGUF_TYPE_INT16:
      return gguf_get_val_i16(get(), id);
    case GGUF_TYPE_UINT32:
      return gguf_get_val_u32(get(), id);
    case GGUF_TYPE_INT32:
      return gguf_get_val_i32(get(), id);
    case GGUF_TYPE_UINT64:
      return static_cast<int64_t>(gguf_get_val_u64(get(), id));
    case GGUF_TYPE_INT64:
      return gguf_get_val_i64(get(), id);
    default:
      return std::nullopt;
  }
}

std::string GgufHeader::text(const std::string& key) const {
  const int64_t id = gguf_find_key(get(), key.c_str());
  if (id < 0 || gguf_get_kv_type(get(), id) != GGUF_TYPE_STRING) return "";
  return gguf_get_val_str(get(), id);
}

bool GgufHeader::flag(const std::string& key) const {
  const int64_t id = gguf_find_key(get(), key.c_str());
  return id >= 0 && gguf_get_kv_type(get(), id) == GGUF_TYPE_BOOL && gguf_get_val_bool(get(), id);
}

const int64_t* GgufHeader::shape(const std::string& name) const {
  const int64_t id = gguf_find_tensor(get(), name.c_str());
  return id < 0 ? nullptr : shape(id);
}

void GgufHeader::refuse(const std::string& complaint) const {
  throw NativeError("ERR_MODEL_INVALID", std::string("The ") + kind_ + " file " + path_ + " " + complaint);
}
