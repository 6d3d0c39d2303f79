#pragma once

#include <map>
#include <string>

#include "llama.h"

// Fills in, by name, the weights of a model that the graph of one token takes; what it does not take stays
// null. llama.cpp shows its weights only to who looks at a graph that is about to compute; it is ended as
// soon as all are seen, on the CPU before anything is computed. Throws NativeError: ERR_MODEL_INVALID where
// the model evaluates no token.
void findWeights(llama_model* model, std::map<std::string, ggml_tensor*>& weights);
