#include "mapped_file.h"

#ifdef __linux__
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cstdio>
#include <fstream>
#endif

#ifdef __linux__

// A mapping is known by the file's number: a path in /proc/self/maps is one of many that a file may have.
void letGoOfMapped(const std::string& path) {
  struct stat file;
  if (stat(path.c_str(), &file) != 0) return;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long begin = 0, end = 0, inode = 0;
    unsigned major = 0, minor = 0;
    char access[5] = "";
    const int read =
        std::sscanf(line.c_str(), "%lx-%lx %4s %*x %x:%x %lu", &begin, &end, access, &major, &minor, &inode);
    if (read != 6 || inode != file.st_ino || makedev(major, minor) != file.st_dev) continue;
    if (access[0] == 'r' && access[1] == '-')
      madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
}

#else

void letGoOfMapped(const std::string&) {}

#endif
