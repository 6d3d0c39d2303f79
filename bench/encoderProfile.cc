// Where an encoder's time goes, by operation:
//
//     encoder_profile LIBRARIES MODEL MMPROJ ROUNDS WIDTH HEIGHT [EMBEDDINGS [flash]]
//
// EMBEDDINGS is a file that the result is written into, as floats; flash: with flash attention, where no
// attention of ours stands in for it. CPU time of one thread, so that other
// programs on the machine tell little; the smallest of all rounds, node by node. bench/encoderProfile.ts
// builds and runs it.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "ggml-backend.h"
#include "llama.h"
#include "mtmd.h"

namespace {

double milliseconds() {
  return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

struct Node {
  std::string operation;
  double flops;  // of products, else 0
  double least = std::numeric_limits<double>::infinity();
};

struct Profile {
  std::vector<Node> nodes;
  size_t next = 0;
  double since = 0;
};

std::string operationOf(const ggml_tensor* node) {
  if (node->op == GGML_OP_CUSTOM) return node->name;
  std::string name = ggml_op_desc(node);
  if (node->op != GGML_OP_MUL_MAT && node->op != GGML_OP_CONV_2D) return name;
  return name + " " + ggml_type_name(node->src[0]->type);
}

double flopsOf(const ggml_tensor* node) {
  if (operationOf(node) == "attention")
    return 4.0 * static_cast<double>(node->src[1]->ne[2]) * static_cast<double>(ggml_nelements(node));
  if (node->op != GGML_OP_MUL_MAT) return 0;
  return 2.0 * static_cast<double>(node->src[0]->ne[0]) * static_cast<double>(ggml_nelements(node));
}

// ggml computes one node after the other where each is asked for.
bool onNode(ggml_tensor* node, bool ask, void* data) {
  if (ask) return true;
  auto& profile = *static_cast<Profile*>(data);
  const double now = milliseconds();
  if (profile.next == profile.nodes.size()) profile.nodes.push_back({operationOf(node), flopsOf(node)});
  double& least = profile.nodes[profile.next++].least;
  least = std::min(least, now - profile.since);
  profile.since = milliseconds();
  return true;
}

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::exit(1);
}

// Smooth, with some noise.
std::vector<unsigned char> picture(unsigned width, unsigned height) {
  std::vector<unsigned char> rgb(3 * width * height);
  unsigned state = 1;
  for (size_t i = 0; i < rgb.size(); i++) {
    state = state * 1664525u + 1013904223u;
    rgb[i] = static_cast<unsigned char>((i / 3 % width * 200 / width) + (state >> 27));
  }
  return rgb;
}

void print(const Profile& profile, double whole) {
  struct Operation {
    int nodes = 0;
    double time = 0, flops = 0;
  };
  std::map<std::string, Operation> operations;
  double sum = 0;
  for (const Node& node : profile.nodes) {
    Operation& operation = operations[node.operation];
    operation.nodes++;
    operation.time += node.least;
    operation.flops += node.flops;
    sum += node.least;
  }
  std::vector<std::pair<double, std::string>> order;
  for (const auto& [name, operation] : operations) order.emplace_back(-operation.time, name);
  std::sort(order.begin(), order.end());
  std::printf("| operation | nodes | ms | share | GFLOP/s |\n| --- | ---: | ---: | ---: | ---: |\n");
  for (const auto& [unused, name] : order) {
    const auto& [nodes, time, flops] = operations[name];
    if (time * 1000 < sum) continue;
    const std::string rate = flops > 0 ? std::to_string(std::lround(flops / time / 1e6)) : "";
    std::printf("| %s | %d | %.2f | %.0f %% | %s |\n", name.c_str(), nodes, time, 100 * time / sum,
                rate.c_str());
  }
  std::printf("| all %zu | %zu | %.2f | | |\n\nwithout looking at each node: %.2f ms\n", operations.size(),
              profile.nodes.size(), sum, whole);
}

mtmd_context* open(const char* mmproj, const llama_model* model, bool flash, Profile* profile) {
  mtmd_context_params params = mtmd_context_params_default();
  params.use_gpu = false;
  params.print_timings = false;
  params.n_threads = 1;
  params.warmup = false;
  params.flash_attn_type = flash ? LLAMA_FLASH_ATTN_TYPE_ENABLED : LLAMA_FLASH_ATTN_TYPE_DISABLED;
  params.cb_eval = profile ? onNode : nullptr;
  params.cb_eval_user_data = profile;
  mtmd_context* context = mtmd_init_from_file(mmproj, model, params);
  if (!context) fail("the mmproj cannot be loaded");
  return context;
}

// For one round: what is encoded gives its pixels away.
mtmd::input_chunks_ptr chunksOf(mtmd_context* context, unsigned width, unsigned height) {
  const std::vector<unsigned char> rgb = picture(width, height);
  const mtmd::bitmap_ptr bitmap(mtmd_bitmap_init(width, height, rgb.data()));
  const mtmd_input_part part{nullptr, bitmap.get()};
  const mtmd_input_part* const parts[] = {&part};
  mtmd::input_chunks_ptr chunks(mtmd_input_chunks_init());
  if (mtmd_tokenize_from_parts(context, chunks.get(), parts, 1, false) != 0)
    fail("the picture cannot be taken");
  return chunks;
}

struct Encoded {
  double milliseconds = std::numeric_limits<double>::infinity();  // the smallest of all rounds
  size_t tokens = 0;  // of the last part, which is what was encoded last
};

Encoded encode(mtmd_context* context, unsigned width, unsigned height, int rounds, Profile* profile) {
  Encoded encoded;
  for (int round = 0; round < rounds; round++) {
    const mtmd::input_chunks_ptr chunks = chunksOf(context, width, height);
    if (profile) profile->next = 0;
    const double start = milliseconds();
    for (size_t i = 0; i < mtmd_input_chunks_size(chunks.get()); i++) {
      const mtmd_input_chunk* chunk = mtmd_input_chunks_get(chunks.get(), i);
      if (mtmd_input_chunk_get_type(chunk) == MTMD_INPUT_CHUNK_TYPE_TEXT) continue;
      if (profile) profile->since = milliseconds();
      if (mtmd_encode_chunk(context, chunk) != 0) fail("the picture cannot be encoded");
      encoded.tokens = mtmd_input_chunk_get_n_tokens(chunk);
    }
    encoded.milliseconds = std::min(encoded.milliseconds, milliseconds() - start);
  }
  return encoded;
}

void write(const char* path, mtmd_context* context, size_t size) {
  std::FILE* file = std::fopen(path, "wb");
  if (!file) fail("the embeddings cannot be written");
  const bool whole = std::fwrite(mtmd_get_output_embd(context), sizeof(float), size, file) == size;
  if (std::fclose(file) != 0 || !whole) fail("the embeddings cannot be written");
}

void onLog(ggml_log_level level, const char* text, void*) {
  if (level == GGML_LOG_LEVEL_ERROR) std::fputs(text, stderr);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 7 || count > 9)
    fail("expected LIBRARIES MODEL MMPROJ ROUNDS WIDTH HEIGHT [EMBEDDINGS [flash]]");
  llama_log_set(onLog, nullptr);
  mtmd_log_set(onLog, nullptr);
  ggml_backend_load_all_from_path(arguments[1]);
  llama_model_params params = llama_model_default_params();
  params.n_gpu_layers = 0;
  const llama_model* model = llama_model_load_from_file(arguments[2], params);
  if (!model) fail("the model cannot be loaded");
  const int rounds = std::atoi(arguments[4]);
  const unsigned width = std::atoi(arguments[5]), height = std::atoi(arguments[6]);
  const bool flash = count == 9;
  mtmd_context* const context = open(arguments[3], model, flash, nullptr);
  const Encoded encoded = encode(context, width, height, rounds, nullptr);
  if (count > 7) write(arguments[7], context, encoded.tokens * llama_model_n_embd_inp(model));
  Profile profile;
  encode(open(arguments[3], model, flash, &profile), width, height, rounds, &profile);
  print(profile, encoded.milliseconds);
}
