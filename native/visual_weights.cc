#include "visual_weights.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "find_weights.h"
#include "gguf_owl2.h"
#include "native_error.h"

namespace {

[[noreturn]] void refuse(const std::string& mmproj, const std::string& cause) {
  throw NativeError("ERR_MMPROJ_MISMATCH", "The mmproj " + mmproj +
                                               " holds weights of another language model (" + cause +
                                               "). Use the mmproj that was made with the model.");
}

int64_t idOf(const GgufHeader& file, const std::string& name) {
  return gguf_find_tensor(file.get(), (kVisualPrefix + name).c_str());
}

// In the same order of bytes as its like: CPUs repack some types. A type of its own goes to the device's
// plain memory, since a buffer of repacked weights takes no other.
ggml_backend_buffer_type_t placeBeside(const ggml_tensor* text, ggml_type type) {
  ggml_backend_buffer_type_t place = ggml_backend_buffer_get_type(text->buffer);
  if (type == text->type) return place;
  const ggml_backend_dev_t device = ggml_backend_buft_get_device(place);
  return device ? ggml_backend_dev_buffer_type(device) : ggml_backend_cpu_buffer_type();
}

}  // namespace

VisualWeights::VisualWeights(const std::string& mmproj, llama_model* model,
                             const std::atomic<bool>& aborted) {
  const GgufHeader file(mmproj, "mmproj");
  const std::vector<std::string> names = visualNames(file);
  if (names.empty()) return;
  const size_t layers = names.size() / kVisualParts;
  if (layers != static_cast<size_t>(llama_model_n_layer(model)))
    refuse(mmproj, "of " + std::to_string(layers) + " layers");
  std::map<std::string, ggml_tensor*> weights;
  for (const std::string& name : names) weights[name] = nullptr;
  findWeights(model, weights);
  for (const auto& [name, text] : weights) {
    const int64_t* shape = file.shape(kVisualPrefix + name);
    if (!text || !std::equal(shape, shape + GGML_MAX_DIMS, text->ne)) refuse(mmproj, name);
    pairs_[name].text = text;
  }
  allocate(file);
  read(file, mmproj, aborted);
}

const VisualWeights::Pair* VisualWeights::find(const char* name) const {
  const auto found = pairs_.find(name);
  return found == pairs_.end() ? nullptr : &found->second;
}

void VisualWeights::allocate(const GgufHeader& file) {
  context_.reset(ggml_init({ggml_tensor_overhead() * (pairs_.size() + 1), nullptr, /*no_alloc=*/true}));
  std::map<ggml_backend_buffer_type_t, std::vector<ggml_tensor*>> groups;
  for (auto& [name, pair] : pairs_) {
    const ggml_type type = gguf_get_tensor_type(file.get(), idOf(file, name));
    pair.visual = ggml_new_tensor(context_.get(), type, GGML_MAX_DIMS, pair.text->ne);
    ggml_set_name(pair.visual, name.c_str());
    groups[placeBeside(pair.text, type)].push_back(pair.visual);
  }
  for (const auto& [place, tensors] : groups) {
    size_t size = 0;
    for (const ggml_tensor* tensor : tensors)
      size +=
          GGML_PAD(ggml_backend_buft_get_alloc_size(place, tensor), ggml_backend_buft_get_alignment(place));
    buffers_.emplace_back(ggml_backend_buft_alloc_buffer(place, size));
    if (!buffers_.back())
      throw NativeError("ERR_OUT_OF_MEMORY", "No memory for the " + std::to_string(size) +
                                                 " bytes of the language model's weights for pictures");
    ggml_backend_buffer_set_usage(buffers_.back().get(), GGML_BACKEND_BUFFER_USAGE_WEIGHTS);
    ggml_tallocr allocator = ggml_tallocr_new(buffers_.back().get());
    for (ggml_tensor* tensor : tensors) ggml_tallocr_alloc(&allocator, tensor);
  }
}

void VisualWeights::read(const GgufHeader& file, const std::string& path, const std::atomic<bool>& aborted) {
  std::ifstream stream(std::filesystem::u8path(path), std::ios::binary);
  std::vector<char> bytes;
  for (const auto& [name, pair] : pairs_) {
    if (aborted) throw NativeError("ERR_ABORTED", "Loading the model was aborted");
    const int64_t id = idOf(file, name);
    bytes.resize(gguf_get_tensor_size(file.get(), id));
    stream.seekg(static_cast<std::streamoff>(gguf_get_data_offset(file.get()) +
                                             gguf_get_tensor_offset(file.get(), id)));
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.require(static_cast<bool>(stream), "cannot be read");
    ggml_backend_tensor_set(pair.visual, bytes.data(), 0, bytes.size());
  }
}
