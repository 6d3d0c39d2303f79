#include "exchange.h"

void Exchange::attach(llama_context_params& params) {
  if (weights_.count() == 0) return;
  params.cb_eval = onNode;
  params.cb_eval_user_data = this;
  // A batch of 32 rows or more would take copies of the CPU's weights to a GPU, which have other names.
  params.op_offload = false;
}

void Exchange::begin(Kind kind) {
  kind_ = kind;
  met_ = 0;
}

bool Exchange::isComplete() const {
  return weights_.count() == 0 || (met_ > 0 && met_ % weights_.count() == 0);
}

bool Exchange::onNode(ggml_tensor* node, bool ask, void* data) {
  if (!ask) return true;
  auto& self = *static_cast<Exchange*>(data);
  for (ggml_tensor*& source : node->src) {
    if (!source || source->op != GGML_OP_NONE) continue;
    const VisualWeights::Pair* pair = self.weights_.find(source->name);
    if (!pair) continue;
    // Both ways, since llama.cpp uses a graph again for a batch of the other kind.
    source = self.kind_ == Kind::kPicture ? pair->visual : pair->text;
    self.met_++;
  }
  return false;
}
