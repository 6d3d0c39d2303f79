#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "bits.h"
#include "codes.h"

namespace jpeg {

// The largest possible size in bits of each coefficient; that of coefficient k stands at k + 1, where a
// reader is then.
using Most = std::array<uint8_t, 192>;

// The difference of a block's DC coefficient to the one before.
int32_t readDifference(Bits& bits, const Codes& codes);

// Passes a block's AC coefficients.
void passCoefficients(Bits& bits, const Codes& codes, const Most& most);

// Which of a component's coefficients are known not to be zero: a word a block.
using NonZero = std::vector<uint64_t>;

// The AC coefficients of one scan of a progressive picture: a band, first roughly and then bit by bit.
class Band {
 public:
  Band(Bits& bits, const Codes& codes, NonZero& nonZero, uint32_t first, uint32_t last, const Most& most)
      : bits_(bits), codes_(codes), nonZero_(nonZero), first_(first), last_(last), most_(most) {}

  void passFirst(size_t block);
  void passRefinement(size_t block);

  // Blocks that are still to come without anything new.
  uint32_t run() const { return run_; }

 private:
  Code next();
  void startRun(uint32_t length);
  uint32_t passZeros(uint64_t marked, uint32_t from, uint32_t zeros);
  void skipCorrections(uint64_t marked, uint32_t from);

  Bits& bits_;
  const Codes& codes_;
  NonZero& nonZero_;
  const uint32_t first_, last_;
  const Most& most_;
  uint32_t run_ = 0;
};

}  // namespace jpeg
