#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "bits.h"

namespace jpeg {

// Entropy-coded data of one scan, without the zeros that it is stuffed with.
struct Entropy {
  std::vector<uint8_t> bytes;
  // Where each part between restart markers begins and ends.
  std::vector<std::pair<size_t, size_t>> segments;
  // The numbers of the restart markers between them.
  std::vector<uint32_t> restarts;
  // Where in the file the marker that ends the scan begins; the file's length where there is none.
  size_t next;
};

// Finds the end of a scan's data.
Entropy unstuff(Bytes file, size_t from);

}  // namespace jpeg
