#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace jpeg {

// What is wrong with entropy-coded data.
struct Damage {
  std::string what;
};

// Bytes that are read as zero beyond their end.
struct Bytes {
  const uint8_t* data;
  size_t size;

  uint32_t operator[](size_t at) const { return at < size ? data[at] : 0; }
  uint32_t two(size_t at) const { return (*this)[at] << 8 | (*this)[at + 1]; }
  Bytes from(size_t at) const { return at < size ? Bytes{data + at, size - at} : Bytes{data, 0}; }
  Bytes first(size_t count) const { return {data, count < size ? count : size}; }
};

// Reads bits of one segment of entropy-coded data, stuffing removed. Beyond its end it reads what comes to
// hand.
class Bits {
 public:
  Bits(Bytes bytes, size_t at, size_t end) : bytes_(bytes), bit_(8 * at), end_(8 * end) {}

  // The next 16 bits, which are not taken.
  uint32_t peek() const {
    const size_t at = bit_ >> 3;
    uint32_t three = 0;
    if (at + 3 <= bytes_.size)
      three = uint32_t{bytes_.data[at]} << 16 | uint32_t{bytes_.data[at + 1]} << 8 | bytes_.data[at + 2];
    else
      three = bytes_.two(at) << 8 | bytes_[at + 2];
    return three >> (8 - (bit_ & 7)) & 0xffff;
  }

  void skip(size_t count) { bit_ += count; }

  // The value of the next bits, at most 16.
  uint32_t take(uint32_t count) {
    const uint32_t value = peek() >> (16 - count);
    skip(count);
    return value;
  }

  // Throws Damage where more was read than there is.
  void checkNotBeyond() const {
    if (bit_ > end_) throw Damage{"ends too early"};
  }

  // Throws Damage where the last byte that was read is not the segment's.
  void checkAtEnd() const {
    checkNotBeyond();
    const size_t left = (end_ - bit_) / 8;
    if (left > 0) throw Damage{"holds " + std::to_string(left) + " bytes too many"};
  }

 private:
  Bytes bytes_;
  size_t bit_;
  size_t end_;
};

}  // namespace jpeg
