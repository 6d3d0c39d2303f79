#include "lifeline.h"

#include <cerrno>
#include <thread>

#ifdef _WIN32
#include <io.h>
#include <windows.h>
#else
#include <unistd.h>

#include <csignal>
#endif

namespace {

#ifdef _WIN32
bool readByte() {
  char byte;
  return _read(0, &byte, 1) > 0;
}
void end() {
  TerminateProcess(GetCurrentProcess(), 1);
}
#else
bool readByte() {
  char byte;
  ssize_t count;
  do {
    count = read(STDIN_FILENO, &byte, 1);
  } while (count < 0 && errno == EINTR);
  return count > 0;
}
void end() {
  kill(getpid(), SIGKILL);
}
#endif

}  // namespace

void endWithStandardInput() {
  std::thread([] {
    while (readByte()) {
    }
    end();
  }).detach();
}
