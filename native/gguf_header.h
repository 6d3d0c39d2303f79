#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

#include "gguf.h"

// What a GGUF file says before its tensors' data. Values are given as what they are, whatever width the file
// stores them in.
class GgufHeader {
 public:
  // `kind`: what the user gave the file as, for messages. Throws NativeError: ERR_MODEL_NOT_FOUND,
  // ERR_MODEL_INVALID where it is no GGUF file or ends before its tensors do.
  GgufHeader(const std::string& path, const char* kind);

  // Absent where the key is, or holds something else.
  std::optional<int64_t> integer(const std::string& key) const;
  std::string text(const std::string& key) const;
  bool flag(const std::string& key) const;

  const gguf_context* get() const { return gguf_.get(); }
  int64_t keys() const { return gguf_get_n_kv(get()); }
  int64_t tensors() const { return gguf_get_n_tensors(get()); }
  std::string tensorName(int64_t index) const { return gguf_get_tensor_name(get(), index); }
  // The lengths of a tensor's dimensions, innermost first.
  const int64_t* shape(int64_t index) const { return gguf_get_tensor_ne(get(), index); }
  // Absent where there is no tensor of that name.
  const int64_t* shape(const std::string& name) const;

  // Throws ERR_MODEL_INVALID about this file: "The mmproj file PATH " + complaint.
  [[noreturn]] void refuse(const std::string& complaint) const;
  void require(bool condition, const std::string& complaint) const {
    if (!condition) refuse(complaint);
  }

 private:
  void checkSize(uint64_t size) const;

  struct Deleter {
    void operator()(gguf_context* gguf) const { gguf_free(gguf); }
  };
  std::string path_;
  const char* kind_;
  std::unique_ptr<gguf_context, Deleter> gguf_;
};
