#pragma once

#include <string>

struct TypeMatch {
  std::string input;
  std::string like;
  std::string prefix;
  std::string output;
};

// Writes the mmproj `input` once more, in which each tensor that is called `prefix` and the name of a tensor
// of the language model `like` has the type of that one. Throws NativeError (ERR_MODEL_NOT_FOUND,
// ERR_MODEL_INVALID, ERR_OUTPUT).
void matchTypes(const TypeMatch& wanted);
