#include "match_types.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "ggml-cpp.h"
#include "gguf_file.h"
#include "gguf_header.h"
#include "native_error.h"

namespace {

// Bytes of rows in memory at once.
constexpr size_t kRows = 16 << 20;

// What is written: all that the input says, and its tensors, each of the type that it is to have.
class Plan {
 public:
  Plan(const GgufHeader& input, const GgufHeader& like, const std::string& prefix)
      : gguf(gguf_init_empty()),
        tensors_(
            ggml_init({ggml_tensor_overhead() * static_cast<size_t>(input.tensors() + 1), nullptr, true})) {
    gguf_set_kv(gguf.get(), input.get());
    for (int64_t i = 0; i < input.tensors(); i++) {
      const std::string name = input.tensorName(i);
      ggml_tensor* const tensor =
          ggml_new_tensor(tensors_.get(), typeOf(input, i, like, prefix), GGML_MAX_DIMS, input.shape(i));
      ggml_set_name(tensor, name.c_str());
      gguf_add_tensor(gguf.get(), tensor);
    }
  }

  gguf_context_ptr gguf;

 private:
  static ggml_type typeOf(const GgufHeader& input, int64_t index, const GgufHeader& like,
                          const std::string& prefix) {
    const std::string name = input.tensorName(index);
    const ggml_type own = gguf_get_tensor_type(input.get(), index);
    if (name.compare(0, prefix.size(), prefix) != 0) return own;
    const int64_t other = gguf_find_tensor(like.get(), name.substr(prefix.size()).c_str());
    const int64_t* const shape = input.shape(index);
    input.require(other >= 0 && std::equal(shape, shape + GGML_MAX_DIMS, like.shape(other)),
                  "has " + name + " for another language model");
    return gguf_get_tensor_type(like.get(), other);
  }

  ggml_context_ptr tensors_;
};

class Writer {
 public:
  explicit Writer(const std::string& path)
      : path_(path), file_(std::filesystem::u8path(path), std::ios::binary) {}

  void write(const void* bytes, size_t count) {
    file_.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(count));
    check();
  }
  void pad(size_t count) { write(std::vector<char>(count).data(), count); }
  void close() {
    file_.close();
    check();
  }

 private:
  void check() const {
    if (file_) return;
    throw NativeError("ERR_OUTPUT",
                      "Cannot write to " + path_ + ": the disk is full, or it may not be written there.");
  }

  std::string path_;
  std::ofstream file_;
};

// A tensor's rows, some at a time, of one type as another.
void convertRows(std::ifstream& in, Writer& out, int64_t rows, int64_t columns, ggml_type from,
                 ggml_type to) {
  const size_t row = ggml_row_size(from, columns);
  const auto most = std::max<int64_t>(1, static_cast<int64_t>(kRows / row));
  std::vector<char> bytes, made;
  std::vector<float> numbers;
  for (int64_t done = 0; done < rows; done += most) {
    const int64_t count = std::min(most, rows - done);
    bytes.resize(row * static_cast<size_t>(count));
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!in) throw NativeError("ERR_MODEL_INVALID", "The file that is quantised ended early");
    if (from == to) {
      out.write(bytes.data(), bytes.size());
      continue;
    }
    numbers.resize(static_cast<size_t>(count * columns));
    if (from == GGML_TYPE_F32) {
      std::copy_n(reinterpret_cast<const float*>(bytes.data()), numbers.size(), numbers.data());
    } else {
      ggml_get_type_traits(from)->to_float(bytes.data(), numbers.data(), count * columns);
    }
    made.resize(ggml_row_size(to, columns) * static_cast<size_t>(count));
    ggml_quantize_chunk(to, numbers.data(), made.data(), 0, count, columns, nullptr);
    out.write(made.data(), made.size());
  }
}

}  // namespace

void matchTypes(const TypeMatch& wanted) {
  checkGguf(wanted.input, GgufRole::kMmproj);
  checkGguf(wanted.like, GgufRole::kModel);
  const GgufHeader input(wanted.input, "mmproj");
  const GgufHeader like(wanted.like, "model");
  const Plan plan(input, like, wanted.prefix);
  Writer out(wanted.output);
  std::vector<char> head(gguf_get_meta_size(plan.gguf.get()));
  gguf_get_meta_data(plan.gguf.get(), head.data());
  out.write(head.data(), head.size());

  std::ifstream in(std::filesystem::u8path(wanted.input), std::ios::binary);
  const size_t alignment = gguf_get_alignment(plan.gguf.get());
  for (int64_t i = 0; i < input.tensors(); i++) {
    const int64_t* const shape = input.shape(i);
    in.seekg(static_cast<std::streamoff>(gguf_get_data_offset(input.get()) +
                                         gguf_get_tensor_offset(input.get(), i)));
    convertRows(in, out, shape[1] * shape[2] * shape[3], shape[0], gguf_get_tensor_type(input.get(), i),
                gguf_get_tensor_type(plan.gguf.get(), i));
    const size_t size = gguf_get_tensor_size(plan.gguf.get(), i);
    out.pad(GGML_PAD(size, alignment) - size);
  }
  out.close();
}
