#include "gguf_language.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "ggml.h"

namespace {

// llama.cpp's own limits.
constexpr int64_t kMaxBlocks = 512, kMaxExperts = 1024;

// Families whose attention is checked whole: those with an mmproj that we have tried. Others have their own
// forms of it, which llama.cpp checks as far as it does.
const std::set<std::string> kPlainAttention = {"gemma3",  "gemma3n", "llama",   "mistral3", "qwen2",
                                               "qwen2vl", "qwen3",   "qwen3vl", "qwen35",   "smollm3"};
// Of these, the ones that rotate the whole of a head.
const std::set<std::string> kWholeRope = {"llama", "mistral3", "qwen2", "qwen2vl", "qwen3", "qwen3vl"};

class Settings {
 public:
  explicit Settings(const GgufHeader& file) : file_(file), family_(file.text("general.architecture")) {}

  const std::string& family() const { return family_; }
  int64_t get(const std::string& key, int64_t otherwise) const {
    return file_.integer(family_ + "." + key).value_or(otherwise);
  }
  void require(const std::string& key, bool condition) const {
    file_.require(condition, "says " + std::to_string(get(key, 0)) + " for " + family_ + "." + key +
                                 ", which does not fit the rest of it");
  }

 private:
  const GgufHeader& file_;
  std::string family_;
};

void checkExperts(const Settings& settings) {
  const int64_t experts = settings.get("expert_count", 0);
  const int64_t used = settings.get("expert_used_count", 0);
  const int64_t groups = settings.get("expert_group_count", 0);
  const int64_t groupsUsed = settings.get("expert_group_used_count", 0);
  settings.require("expert_count", experts >= 0 && experts <= kMaxExperts);
  settings.require("expert_used_count", experts > 0 ? used > 0 && used <= experts : used == 0);
  if (experts == 0) settings.require("expert_group_count", groups == 0);
  if (experts > 0) settings.require("expert_group_count", groups >= 0 && groups < experts);
  if (groups <= 1) return;
  settings.require("expert_group_count", experts % groups == 0);
  settings.require("expert_group_used_count", groupsUsed > 0 && groupsUsed < groups);
}

// Where the attention of a block has one head width, its projections are as wide as all heads together.
void checkHeads(const GgufHeader& file, const Settings& settings, int64_t width) {
  const int64_t heads = settings.get("attention.head_count", 0);
  if (heads == 0) return;  // one count a block
  const int64_t kvHeads = settings.get("attention.head_count_kv", heads);
  settings.require("attention.head_count", heads > 0 && heads <= width);
  settings.require("attention.head_count_kv", kvHeads > 0 && heads % kvHeads == 0);
  const int64_t head = settings.get("attention.key_length", width / heads);
  settings.require("attention.key_length", head > 0 && head <= width * heads);
  settings.require("attention.value_length", settings.get("attention.value_length", head) == head);
  for (int64_t i = 0; i < file.tensors(); i++) {
    const std::string name = file.tensorName(i);
    const auto ends = [&name](const std::string& end) {
      return name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
    };
    const int64_t rows = file.shape(i)[1];
    const bool gated = settings.family() == "qwen35";
    if (ends(".attn_q.weight"))
      settings.require("attention.head_count", rows == heads * head * (gated ? 2 : 1));
    if (ends(".attn_k.weight") || ends(".attn_v.weight"))
      settings.require("attention.head_count_kv", rows == kvHeads * head);
  }
}

void checkRope(const GgufHeader& file, const Settings& settings, int64_t width) {
  const int64_t heads = std::max<int64_t>(settings.get("attention.head_count", 1), 1);
  const int64_t head = settings.get("attention.key_length", width / heads);
  const int64_t rotated = settings.get("rope.dimension_count", head);
  settings.require("rope.dimension_count", rotated >= 0 && rotated % 2 == 0 && rotated <= head);
  if (kWholeRope.count(settings.family()) != 0) settings.require("rope.dimension_count", rotated == head);

  const int64_t id = gguf_find_key(file.get(), (settings.family() + ".rope.dimension_sections").c_str());
  if (id < 0 || gguf_get_kv_type(file.get(), id) != GGUF_TYPE_ARRAY) return;
  const gguf_type type = gguf_get_arr_type(file.get(), id);
  if (type != GGUF_TYPE_INT32 && type != GGUF_TYPE_UINT32) return;
  const auto* sections = static_cast<const int32_t*>(gguf_get_arr_data(file.get(), id));
  int64_t total = 0;
  for (size_t i = 0; i < gguf_get_arr_n(file.get(), id); i++) {
    settings.require("rope.dimension_sections", sections[i] >= 0);
    total += sections[i];
  }
  settings.require("rope.dimension_sections", total > 0 && total <= head);
}

// The gated delta nets between the attention of qwen35.
void checkRecurrence(const GgufHeader& file, const Settings& settings) {
  const int64_t heads = settings.get("ssm.time_step_rank", 0);
  const int64_t groups = settings.get("ssm.group_count", 0);
  const int64_t state = settings.get("ssm.state_size", 0);
  const int64_t* kernel = file.shape("blk.0.ssm_conv1d.weight");
  settings.require("ssm.time_step_rank", heads > 0);
  settings.require("ssm.group_count", groups > 0 && heads % groups == 0);
  settings.require("ssm.state_size", state > 0 && state <= settings.get("ssm.inner_size", 0));
  settings.require("ssm.inner_size", settings.get("ssm.inner_size", 0) == heads * state);
  settings.require("ssm.conv_kernel", !kernel || settings.get("ssm.conv_kernel", 0) == kernel[0]);
  settings.require("full_attention_interval", settings.get("full_attention_interval", 4) > 0);
}

// Norms, biases and the like are added and multiplied as they are, and only as f32.
void checkVectors(const GgufHeader& file) {
  for (int64_t i = 0; i < file.tensors(); i++) {
    const std::string name = file.tensorName(i);
    const int64_t* shape = file.shape(i);
    const bool vector = shape[1] == 1 && shape[2] == 1 && shape[3] == 1;
    if (!vector && name.find("_conv1d") == std::string::npos) continue;
    const ggml_type type = gguf_get_tensor_type(file.get(), i);
    file.require(type == GGML_TYPE_F32, "holds " + name + " as " + ggml_type_name(type) + ", expected f32");
  }
}

}  // namespace

void checkLanguageModel(const GgufHeader& file) {
  const Settings settings(file);
  const int64_t blocks = settings.get("block_count", 1);
  const int64_t width = settings.get("embedding_length", 1);
  settings.require("block_count", blocks > 0 && blocks <= kMaxBlocks);
  settings.require("nextn_predict_layers", settings.get("nextn_predict_layers", 0) <= blocks);
  settings.require("embedding_length", width > 0);
  const std::string scaling = file.text(settings.family() + ".rope.scaling.type");
  const std::array<const char*, 5> scalings = {"", "none", "linear", "yarn", "longrope"};
  file.require(std::find(scalings.begin(), scalings.end(), scaling) != scalings.end(),
               "says an unknown rope.scaling.type");
  checkExperts(settings);
  checkVectors(file);
  if (kPlainAttention.count(settings.family()) != 0) {
    checkHeads(file, settings, width);
    checkRope(file, settings, width);
  }
  if (settings.family() == "qwen35") checkRecurrence(file, settings);
  checkVocabulary(file);
}
