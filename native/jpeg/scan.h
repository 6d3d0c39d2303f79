#pragma once

#include <cstdint>
#include <map>

#include "blocks.h"
#include "codes.h"
#include "entropy.h"
#include "frame.h"

namespace jpeg {

// What markers before a scan set up.
struct Tables {
  std::map<uint32_t, Codes> dc, ac;
  // Divisors in the order in which coefficients are coded.
  std::map<uint32_t, std::array<uint32_t, 64>> quant;
  // Units between restart markers; 0: there are none.
  uint32_t restartInterval = 0;
};

// Passes one scan's entropy-coded data without decoding it. nonZero: a list a component of the frame.
// False where it cannot be looked at, for tables are missing. Throws Damage where it does not hold what its
// picture needs.
bool passScan(const Frame& frame, const ScanHeader& scan, const Tables& tables, const Entropy& entropy,
              std::vector<NonZero>& nonZero);

}  // namespace jpeg
