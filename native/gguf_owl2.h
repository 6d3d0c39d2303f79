#pragma once

#include <string>
#include <vector>

#include "gguf_header.h"

// The mmproj of an mPLUG-Owl2: the encoder, the abstractor, and under `visual.` the weights that its language
// model has once more, for the tokens of pictures.

bool isOwl2(const GgufHeader& mmproj);

// That every part is there, once for each layer, and that all shapes fit together: libmtmd's graph takes them
// as they are. Throws NativeError: ERR_MODEL_INVALID.
void checkOwl2(const GgufHeader& mmproj);

// The names that the language model has, without `visual.`; none where it is no mPLUG-Owl2's.
std::vector<std::string> visualNames(const GgufHeader& mmproj);

constexpr const char* kVisualPrefix = "visual.";
constexpr size_t kVisualParts = 4;  // in each layer
