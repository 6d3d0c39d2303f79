#pragma once

#include <cstddef>

#include "llama.h"

// Tokens in one call, where there are as many. Fixed, so that a picture's result does not depend on how far
// the context has grown.
constexpr size_t kBatch = 512;
// At once: the text before a picture, that with the picture, and what is asked of it.
constexpr uint32_t kSequences = 3;

// Of a context for so many tokens, of which as many as `call` are evaluated in one call; both are rounded up.
llama_context_params contextParams(const llama_model* model, size_t tokens, size_t call, int threads,
                                   bool onCpu);
