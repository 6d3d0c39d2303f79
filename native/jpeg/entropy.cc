#include "entropy.h"

#include <cstring>

namespace jpeg {

Entropy unstuff(Bytes file, size_t from) {
  Entropy entropy{{}, {}, {}, file.size};
  size_t start = 0;
  for (size_t at = from;;) {
    const Bytes rest = file.from(at);
    const void* const found = rest.size > 0 ? std::memchr(rest.data, 0xff, rest.size) : nullptr;
    const size_t length =
        found ? static_cast<size_t>(static_cast<const uint8_t*>(found) - rest.data) : rest.size;
    entropy.bytes.insert(entropy.bytes.end(), rest.data, rest.data + length);
    const size_t stop = at + length;
    size_t code = stop + 1;
    while (file[code] == 0xff) code++;
    at = code + 1;
    if (code < file.size && file[code] == 0) {
      entropy.bytes.push_back(0xff);
      continue;
    }
    entropy.segments.emplace_back(start, entropy.bytes.size());
    const bool restart = code < file.size && file[code] >= 0xd0 && file[code] <= 0xd7;
    if (!restart) {
      entropy.next = found ? stop : file.size;
      return entropy;
    }
    entropy.restarts.push_back(file[code] & 7);
    start = entropy.bytes.size();
  }
}

}  // namespace jpeg
