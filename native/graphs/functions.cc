#include "kernels.h"

namespace kernels {

extern const Functions baseline;
#ifdef KERNELS_X86
extern const Functions avx2;
extern const Functions avx512;
#endif

namespace {

const Functions& chosen() {
#ifdef KERNELS_X86
  if (__builtin_cpu_supports("avx512f")) return avx512;
  // Processors with both have f16c too.
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2;
#endif
  return baseline;
}

}  // namespace

const Functions& functions() {
  static const Functions& best = chosen();
  return best;
}

}  // namespace kernels
