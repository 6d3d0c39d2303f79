// Where an encoder's time goes, by operation:
//
//     encoder_profile LIBRARIES MODEL MMPROJ ROUNDS WIDTH HEIGHT [EMBEDDINGS]
//
// EMBEDDINGS is a file that the result is written into, as floats. CPU time of one thread, so that other
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

struct Encoder {
  mtmd_context* context;
  mtmd_input_chunks* chunks;
};

Encoder open(const char* mmproj, const llama_model* model, unsigned width, unsigned height,
             Profile* profile) {
  mtmd_context_params params = mtmd_context_params_default();
  params.use_gpu = false;
  params.print_timings = false;
  params.n_threads = 1;
  params.warmup = false;
  params.cb_eval = profile ? onNode : nullptr;
  params.cb_eval_user_data = profile;
  mtmd_context* context = mtmd_init_from_file(mmproj, model, params);
  if (!context) fail("the mmproj cannot be loaded");
  const std::vector<unsigned char> rgb = picture(width, height);
  const mtmd_bitmap* bitmap = mtmd_bitmap_init(width, height, rgb.data());
  const mtmd_input_part part{nullptr, bitmap};
  const mtmd_input_part* const parts[] = {&part};
  mtmd_input_chunks* chunks = mtmd_input_chunks_init();
  if (mtmd_tokenize_from_parts(context, chunks, parts, 1, false) != 0) fail("the picture cannot be taken");
  return {context, chunks};
}

// The smallest time of all rounds.
double encode(const Encoder& encoder, int rounds, Profile* profile) {
  double least = std::numeric_limits<double>::infinity();
  for (int round = 0; round < rounds; round++) {
    if (profile) profile->next = 0;
    const double start = milliseconds();
    for (size_t i = 0; i < mtmd_input_chunks_size(encoder.chunks); i++) {
      const mtmd_input_chunk* chunk = mtmd_input_chunks_get(encoder.chunks, i);
      if (mtmd_input_chunk_get_type(chunk) == MTMD_INPUT_CHUNK_TYPE_TEXT) continue;
      if (profile) profile->since = milliseconds();
      if (mtmd_encode_chunk(encoder.context, chunk) != 0) fail("the picture cannot be encoded");
    }
    least = std::min(least, milliseconds() - start);
  }
  return least;
}

void write(const char* path, const Encoder& encoder, const llama_model* model) {
  std::FILE* file = std::fopen(path, "wb");
  if (!file) fail("the embeddings cannot be written");
  size_t tokens = 0;  // of the last part, which is what was encoded last
  for (size_t i = 0; i < mtmd_input_chunks_size(encoder.chunks); i++) {
    const mtmd_input_chunk* chunk = mtmd_input_chunks_get(encoder.chunks, i);
    if (mtmd_input_chunk_get_type(chunk) != MTMD_INPUT_CHUNK_TYPE_TEXT)
      tokens = mtmd_input_chunk_get_n_tokens(chunk);
  }
  const size_t size = tokens * llama_model_n_embd_inp(model);
  const bool whole = std::fwrite(mtmd_get_output_embd(encoder.context), sizeof(float), size, file) == size;
  if (std::fclose(file) != 0 || !whole) fail("the embeddings cannot be written");
}

void onLog(ggml_log_level level, const char* text, void*) {
  if (level == GGML_LOG_LEVEL_ERROR) std::fputs(text, stderr);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 7 && count != 8) fail("expected LIBRARIES MODEL MMPROJ ROUNDS WIDTH HEIGHT [EMBEDDINGS]");
  llama_log_set(onLog, nullptr);
  mtmd_log_set(onLog, nullptr);
  ggml_backend_load_all_from_path(arguments[1]);
  llama_model_params params = llama_model_default_params();
  params.n_gpu_layers = 0;
  const llama_model* model = llama_model_load_from_file(arguments[2], params);
  if (!model) fail("the model cannot be loaded");
  const int rounds = std::atoi(arguments[4]);
  const unsigned width = std::atoi(arguments[5]), height = std::atoi(arguments[6]);
  const Encoder encoder = open(arguments[3], model, width, height, nullptr);
  const double whole = encode(encoder, rounds, nullptr);
  if (count == 8) write(arguments[7], encoder, model);
  Profile profile;
  encode(open(arguments[3], model, width, height, &profile), rounds, &profile);
  print(profile, whole);
}
