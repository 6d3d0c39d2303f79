#include "blocks.h"

#include <bitset>

namespace jpeg {

namespace {

Damage invalid() {
  return {"holds a code that means nothing"};
}
Damage overfull() {
  return {"holds a block of more than 64 coefficients"};
}
Damage impossible() {
  return {"holds a value that no picture has"};
}

// The bits from `from` to `to`, inclusive; none where there are none between.
uint64_t mask(uint32_t from, uint32_t to) {
  return from > to ? 0 : ~uint64_t{0} >> (63 - to + from) << from;
}

}  // namespace

int32_t readDifference(Bits& bits, const Codes& codes) {
  const Code code = codes.find(bits.peek());
  if (code.length == 0) throw invalid();
  bits.skip(code.length - code.size);
  if (code.size == 0) return 0;
  const auto value = static_cast<int32_t>(bits.take(code.size));
  return value < 1 << (code.size - 1) ? value - (1 << code.size) + 1 : value;
}

void passCoefficients(Bits& reader, const Codes& codes, const Most& most) {
  Bits bits = reader;  // which the compiler keeps in registers
  uint32_t k = 1;
  while (k < 64) {
    const Code code = codes.find(bits.peek());
    if (code.length == 0 || code.step > kToTheEnd) throw invalid();
    bits.skip(code.length);
    k += code.step;
    if (code.size > most[k]) throw impossible();
  }
  if (k > 64 && k <= kToTheEnd) throw overfull();
  reader = bits;
}

Code Band::next() {
  const Code code = codes_.find(bits_.peek());
  if (code.length == 0) throw invalid();
  bits_.skip(code.length);
  return code;
}

void Band::startRun(uint32_t length) {
  run_ = (1u << length) + (length > 0 ? bits_.take(length) : 0);
}

void Band::passFirst(size_t block) {
  uint32_t k = first_;
  while (run_ == 0 && k <= last_) {
    const Code code = next();
    if (code.step >= kToTheEnd) {
      startRun(code.step - kToTheEnd);
      continue;
    }
    k += code.step;
    if (k > last_ + 1) throw overfull();
    if (code.size > most_[k]) throw impossible();
    if (code.size > 0) nonZero_[block] |= uint64_t{1} << (k - 1);
  }
  if (run_ > 0) run_--;
}

void Band::passRefinement(size_t block) {
  uint32_t k = first_;
  while (run_ == 0 && k <= last_) {
    const Code code = next();
    if (code.step >= kToTheEnd) {
      startRun(code.step - kToTheEnd);
      break;
    }
    if (code.size > 1) throw invalid();
    k = passZeros(nonZero_[block], k, code.step - 1u);
    if (code.size > 0 && k > last_) throw overfull();
    if (code.size > 0) nonZero_[block] |= uint64_t{1} << k;
    k++;
  }
  if (run_ == 0) return;
  skipCorrections(nonZero_[block], k);
  run_--;
}

// Passes so many coefficients that are still zero, and the correction of each other on the way.
uint32_t Band::passZeros(uint64_t marked, uint32_t from, uint32_t zeros) {
  uint32_t k = from;
  for (uint32_t left = zeros; k <= last_; k++) {
    if (marked >> k & 1)
      bits_.skip(1);
    else if (left-- == 0)
      break;
  }
  return k;
}

void Band::skipCorrections(uint64_t marked, uint32_t from) {
  bits_.skip(std::bitset<64>(marked & mask(from, last_)).count());
}

}  // namespace jpeg
