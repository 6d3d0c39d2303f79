#include "encoder_facts.h"

#include <algorithm>

#include "gguf_header.h"

namespace {

constexpr size_t kLongestName = 64;

bool isName(const std::string& text) {
  return text.size() <= kLongestName &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

std::string projectorOf(const GgufHeader& file) {
  std::string name = file.text("clip.projector_type");
  if (name.empty()) name = file.text("clip.vision.projector_type");
  file.require(isName(name), "names a type of projector that there is none of");
  // As libmtmd tells Yi-VL's from LLaVA's.
  if (name == "mlp" && file.shape("mm.3.weight")) return "mlp_norm";
  return name;
}

}  // namespace

EncoderFacts encoderFacts(const std::string& mmproj) {
  const GgufHeader file(mmproj, "mmproj");
  const auto number = [&](const char* key) { return file.integer(key).value_or(0); };
  return {
      projectorOf(file),
      number("clip.vision.image_size"),
      number("clip.vision.patch_size"),
      number("clip.vision.spatial_merge_size"),
      file.shape("v.class_embd") != nullptr,
      gguf_find_key(file.get(), "clip.vision.image_grid_pinpoints") >= 0,
  };
}
