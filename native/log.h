#pragma once

#include <string>

// llama.cpp reports the cause of most failures to its log only. Installs the one process-wide log callback,
// which prints nothing and keeps warnings and errors of the calling thread for LogCapture.
void installLog();

// Collects what this thread logs as a warning or an error while it lives.
class LogCapture {
 public:
  LogCapture();
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  // The lines so far, joined by "; ", without the names of functions in front.
  std::string text() const;

 private:
  std::string* outer_;
  std::string lines_;
};
