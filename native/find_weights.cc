#include "find_weights.h"

#include <memory>

#include "log.h"
#include "native_error.h"

namespace {

struct Search {
  std::map<std::string, ggml_tensor*>& weights;
  size_t found = 0;

  static bool onNode(ggml_tensor* node, bool ask, void* data) {
    if (!ask) return true;
    auto& search = *static_cast<Search*>(data);
    for (ggml_tensor* source : node->src) {
      if (!source || source->op != GGML_OP_NONE) continue;
      const auto place = search.weights.find(source->name);
      if (place == search.weights.end() || place->second) continue;
      place->second = source;
      search.found++;
    }
    return false;
  }
  static bool isDone(void* data) {
    const auto& search = *static_cast<const Search*>(data);
    return search.found == search.weights.size();
  }
};

}  // namespace

void findWeights(llama_model* model, std::map<std::string, ggml_tensor*>& weights) {
  Search search{weights};
  llama_context_params params = llama_context_default_params();
  params.n_ctx = params.n_batch = params.n_ubatch = 32;
  params.n_threads = params.n_threads_batch = 1;
  params.cb_eval = Search::onNode;
  params.cb_eval_user_data = &search;
  params.abort_callback = Search::isDone;
  params.abort_callback_data = &search;
  LogCapture log;
  const std::unique_ptr<llama_context, void (*)(llama_context*)> context(llama_init_from_model(model, params),
                                                                         llama_free);
  llama_token token = 0;
  constexpr int32_t kAborted = 2;
  const int32_t status = context ? llama_decode(context.get(), llama_batch_get_one(&token, 1)) : -1;
  if (status != 0 && status != kAborted)
    throw NativeError("ERR_MODEL_INVALID", "The model cannot evaluate a token: " + log.text());
}
