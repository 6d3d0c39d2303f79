#pragma once

#include "gguf_header.h"

// What llama.cpp asserts of a language model's settings and vocabulary, which would end the process, checked
// before it reads the file. Throws NativeError (ERR_MODEL_INVALID).
void checkLanguageModel(const GgufHeader& file);
void checkVocabulary(const GgufHeader& file);
