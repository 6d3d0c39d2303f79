#include "codes.h"

#include <algorithm>

namespace jpeg {

namespace {

uint8_t stepOf(uint32_t symbol) {
  const uint32_t run = symbol >> 4, size = symbol & 15;
  if (size > 0) return static_cast<uint8_t>(run + 1);
  return static_cast<uint8_t>(run == 15 ? 16 : kToTheEnd + run);
}

Code codeOf(uint32_t symbol, uint32_t length, bool forDc) {
  if (forDc && symbol > 15) return {};
  const uint32_t size = symbol & 15;
  return {static_cast<uint8_t>(length + size), static_cast<uint8_t>(size),
          forDc ? uint8_t{0} : stepOf(symbol)};
}

}  // namespace

Codes::Codes(Bytes counts, Bytes symbols, bool forDc) {
  uint32_t next = 0;
  for (uint32_t length = 1; length <= 16; length++) {
    const uint32_t count = counts[length - 1];
    const uint32_t end = next + (count << (16 - length));
    ranges_[length] = {next, end, static_cast<uint32_t>(all_.size())};
    for (uint32_t n = 0; n < count; n++) all_.push_back(codeOf(symbols[all_.size()], length, forDc));
    next = end;
  }
  for (uint32_t i = 0; i < short_.size(); i++) {
    const uint32_t bits = i << (16 - kShort);
    if (bits < ranges_[kShort].to) short_[i] = findLong(bits);
  }
}

Code Codes::findLong(uint32_t bits) const {
  for (uint32_t length = 1; length <= 16; length++) {
    const auto& [from, to, place] = ranges_[length];
    if (bits >= from && bits < to) return all_[place + ((bits - from) >> (16 - length))];
  }
  return {};
}

}  // namespace jpeg
