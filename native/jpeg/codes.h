#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "bits.h"

namespace jpeg {

// What a Huffman code means; none where all is 0.
struct alignas(4) Code {
  uint8_t length = 0;  // of the code and the bits that follow it
  uint8_t size = 0;    // how many follow
  uint8_t step = 0;    // to the next coefficient
};

// A step of so much, and of up to 14 more, ends a block, or a run of blocks of which the surplus says how
// many.
constexpr uint32_t kToTheEnd = 100;

// A Huffman table. Short codes are looked up, in a table that stays in the processor's nearest cache.
class Codes {
 public:
  // counts: how many codes there are of each length from 1 to 16.
  Codes(Bytes counts, Bytes symbols, bool forDc);

  // The code that the next 16 bits begin with.
  Code find(uint32_t bits) const {
    const Code code = short_[bits >> (16 - kShort)];
    return code.length > 0 ? code : findLong(bits);
  }

 private:
  static constexpr uint32_t kShort = 10;
  // Codes of one length follow one another: as 16 bits, from the first of them to what comes after the last.
  struct Range {
    uint32_t from, to, place;
  };

  Code findLong(uint32_t bits) const;

  std::array<Code, 1 << kShort> short_{};
  std::array<Range, 17> ranges_{};  // by length
  std::vector<Code> all_;
};

}  // namespace jpeg
