#include "log.h"

#include <cctype>

#include "llama.h"
#include "mtmd-helper.h"

namespace {

thread_local std::string* capture = nullptr;
constexpr size_t kMaxCaptured = 4000;

void onLog(ggml_log_level level, const char* text, void*) {
  const bool worthKeeping =
      level == GGML_LOG_LEVEL_ERROR || level == GGML_LOG_LEVEL_WARN || level == GGML_LOG_LEVEL_CONT;
  if (capture && worthKeeping && capture->size() < kMaxCaptured) capture->append(text);
}

// "load_model: error: x" -> "error: x": a leading name of a C++ function says nothing to a user.
std::string withoutFunctionName(const std::string& line) {
  size_t end = 0;
  while (end < line.size() && (std::isalnum(static_cast<unsigned char>(line[end])) || line[end] == '_'))
    end++;
  const bool named = end > 0 && end + 1 < line.size() && line[end] == ':' && line[end + 1] == ' ';
  return named && line.find('_') < end ? line.substr(end + 2) : line;
}

}  // namespace

void installLog() {
  llama_log_set(onLog, nullptr);
  mtmd_helper_log_set(onLog, nullptr);
}

LogCapture::LogCapture() : outer_(capture) {
  capture = &lines_;
}
LogCapture::~LogCapture() {
  capture = outer_;
}

std::string LogCapture::text() const {
  std::string joined;
  size_t start = 0;
  while (start < lines_.size()) {
    size_t end = lines_.find('\n', start);
    if (end == std::string::npos) end = lines_.size();
    const std::string line = withoutFunctionName(lines_.substr(start, end - start));
    if (!line.empty()) joined += (joined.empty() ? "" : "; ") + line;
    start = end + 1;
  }
  return joined;
}
