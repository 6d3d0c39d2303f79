#include "gguf_owl2.h"

#include <algorithm>
#include <array>

#include "ggml.h"

namespace {

const std::string kAbstractor = "mm.abstractor.";
constexpr std::array<const char*, kVisualParts> kParts = {"attn_k.weight", "attn_v.weight",
                                                          "attn_norm.weight", "ffn_norm.weight"};

// A file whose tensors are looked at one by one, each with the shape that the others ask for.
class Tensors {
 public:
  explicit Tensors(const GgufHeader& file) : file_(file) {}

  int64_t setting(const std::string& key) const {
    const int64_t value = file_.integer(key).value_or(0);
    file_.require(value > 0 && value < (1 << 20), "says " + std::to_string(value) + " for " + key);
    return value;
  }
  bool has(const std::string& name) const { return file_.shape(name) != nullptr; }
  int64_t length(const std::string& name, int dimension) const {
    const int64_t* shape = file_.shape(name);
    file_.require(shape != nullptr, "lacks " + name);
    return shape[dimension];
  }
  // Innermost first. What is not multiplied with is added as it is, and only as f32.
  void expect(const std::string& name, std::initializer_list<int64_t> wanted, bool added) const {
    const int64_t* shape = file_.shape(name);
    file_.require(shape != nullptr, "lacks " + name);
    std::array<int64_t, GGML_MAX_DIMS> full = {1, 1, 1, 1};
    std::copy(wanted.begin(), wanted.end(), full.begin());
    file_.require(std::equal(full.begin(), full.end(), shape),
                  "holds " + name + " in a shape that does not fit the rest of it");
    const ggml_type type = gguf_get_tensor_type(file_.get(), gguf_find_tensor(file_.get(), name.c_str()));
    file_.require(!added || type == GGML_TYPE_F32,
                  "holds " + name + " as " + ggml_type_name(type) + ", expected f32");
  }
  void expectVector(const std::string& name, int64_t width) const { expect(name, {width}, true); }
  void expectNorm(const std::string& name, int64_t width) const {
    expectVector(name + ".weight", width);
    expectVector(name + ".bias", width);
  }
  void expectLinear(const std::string& name, int64_t inputs, int64_t outputs) const {
    expect(name + ".weight", {inputs, outputs}, false);
    expectVector(name + ".bias", outputs);
  }

 private:
  const GgufHeader& file_;
};

struct Sizes {
  int64_t width, positions, queries, text;
};

void checkVision(const Tensors& file, const Sizes& sizes, int64_t patch) {
  const int64_t width = sizes.width, inner = file.setting("clip.vision.feed_forward_length");
  file.expectVector("v.class_embd", width);
  file.expect("v.patch_embd.weight", {patch, patch, 3, width}, false);
  file.expect("v.position_embd.weight", {width, sizes.positions}, true);
  file.expectNorm("v.pre_ln", width);
  file.expectNorm("v.post_ln", width);
  for (int64_t i = file.setting("clip.vision.block_count"); i-- > 0;) {
    const std::string block = "v.blk." + std::to_string(i) + ".";
    for (const char* part : {"attn_q", "attn_k", "attn_v", "attn_out"})
      file.expectLinear(block + part, width, width);
    file.expectLinear(block + "ffn_up", width, inner);
    file.expectLinear(block + "ffn_down", inner, width);
    file.expectNorm(block + "ln1", width);
    file.expectNorm(block + "ln2", width);
  }
}

void checkAbstractor(const Tensors& file, const Sizes& sizes) {
  const int64_t width = sizes.width;
  file.expect(kAbstractor + "query", {width, sizes.queries}, true);
  file.expect(kAbstractor + "position", {width, sizes.queries + sizes.positions}, true);
  file.expectLinear(kAbstractor + "fc", width, sizes.text);
  file.expectVector(kAbstractor + "end", sizes.text);
  int64_t layer = 0;
  do {
    const std::string block = kAbstractor + std::to_string(layer) + ".";
    const int64_t inner = file.length(block + "gate.weight", 1);
    for (const char* part : {"q", "k", "v", "out"}) file.expectLinear(block + part, width, width);
    file.expectLinear(block + "gate", width, inner);
    file.expectLinear(block + "up", width, inner);
    file.expectLinear(block + "down", inner, width);
    for (const char* part : {"norm1", "normk", "norm2"}) file.expectNorm(block + part, width);
    file.expectNorm(block + "ffn_norm", inner);
    layer++;
  } while (file.has(kAbstractor + std::to_string(layer) + ".q.weight"));
}

void checkVisual(const Tensors& tensors, const GgufHeader& file, int64_t width) {
  const std::vector<std::string> names = visualNames(file);
  const size_t layers = names.size() / kVisualParts;
  file.require(layers > 0 && names.size() % kVisualParts == 0,
               "lacks weights of the language model for pictures");
  for (size_t i = 0; i < layers; i++) {
    const std::string block = std::string(kVisualPrefix) + "blk." + std::to_string(i) + ".";
    const int64_t rows = tensors.length(block + "attn_k.weight", 1);
    for (const std::string part : kParts) {
      if (part.find("norm") != std::string::npos) {
        tensors.expectVector(block + part, width);
      } else {
        tensors.expect(block + part, {width, rows}, false);
      }
    }
  }
}

}  // namespace

bool isOwl2(const GgufHeader& mmproj) {
  const std::string type = mmproj.text("clip.projector_type");
  return (type.empty() ? mmproj.text("clip.vision.projector_type") : type) == "mplug_owl2";
}

void checkOwl2(const GgufHeader& mmproj) {
  const Tensors file(mmproj);
  for (const char* other : {"clip.has_audio_encoder", "clip.has_gen_audio_encoder"})
    mmproj.require(!mmproj.flag(other), "says that it hears, which no mPLUG-Owl2 does");
  const int64_t width = file.setting("clip.vision.embedding_length");
  const int64_t patch = file.setting("clip.vision.patch_size"),
                side = file.setting("clip.vision.image_size") / patch;
  for (const char* key : {"clip.vision.attention.head_count", "clip.vision.abstractor.head_count"})
    mmproj.require(width % file.setting(key) == 0,
                   std::string("says a number for ") + key + " that does not divide the width of its layers");
  const Sizes sizes{width, side * side + 1, file.length(kAbstractor + "query", 1),
                    file.length(kAbstractor + "end", 0)};
  checkVision(file, sizes, patch);
  checkAbstractor(file, sizes);
  checkVisual(file, mmproj, sizes.text);
}

std::vector<std::string> visualNames(const GgufHeader& mmproj) {
  std::vector<std::string> names;
  const std::string prefix = kVisualPrefix;
  for (int64_t i = 0; isOwl2(mmproj) && i < mmproj.tensors(); i++) {
    const std::string name = mmproj.tensorName(i);
    if (name.compare(0, prefix.size(), prefix) == 0) names.push_back(name.substr(prefix.size()));
  }
  return names;
}
