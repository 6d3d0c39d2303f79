#pragma once

#include <napi.h>

// quantise({input, output, type, threads, buffer}): a promise that is settled when the language model `input`
// is written to `output` with weights of llama.cpp's file type `type`.
Napi::Value quantise(const Napi::CallbackInfo& info);

// matchTypes({input, like, prefix, output}): a promise that is settled when the mmproj `input` is written to
// `output` with the types of the language model `like` (see match_types.h).
Napi::Value matchTypes(const Napi::CallbackInfo& info);
