#pragma once

#include <string>

enum class GgufRole { kModel, kMmproj };

// Checks a GGUF file before llama.cpp reads it: its header, that every tensor lies inside the file (the
// mmproj loader does not check its reads), and that it is what it is used as. Throws NativeError
// (ERR_MODEL_NOT_FOUND, ERR_MODEL_INVALID, ERR_NO_VISION).
void checkGguf(const std::string& path, GgufRole role);
