#pragma once

#include <stdexcept>
#include <string>

// An error with one of the stable codes of src/errors.ts; JavaScript sees it as a TonescoreError.
struct NativeError : std::runtime_error {
  NativeError(const char* code, const std::string& message) : std::runtime_error(message), code(code) {}
  const char* code;
};
