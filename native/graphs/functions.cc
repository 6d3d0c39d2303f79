#include "kernels.h"
#ifdef KERNELS_X86
#include <cpuid.h>
#endif

namespace kernels {

extern const Functions baseline;
#ifdef KERNELS_X86
extern const Functions avx2;
extern const Functions avx512;
#endif

namespace {

#ifdef KERNELS_X86
// What the processor has and the system keeps registers for. The compilers' own __builtin_cpu_supports needs
// a table of their runtime's, which that of the published addon's compiler lacks.
const Functions& forProcessor() {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE)) return baseline;
  const bool fma = c & bit_FMA;
  unsigned kept, high;
  __asm__ volatile("xgetbv" : "=a"(kept), "=d"(high) : "c"(0));
  const auto keeps = [kept](unsigned registers) { return (kept & registers) == registers; };
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return baseline;
  if ((b & bit_AVX512F) && keeps(0xe6)) return avx512;
  // Processors with both have f16c too.
  if ((b & bit_AVX2) && fma && keeps(0x06)) return avx2;
  return baseline;
}
#endif

const Functions& chosen() {
#ifdef KERNELS_X86
  return forProcessor();
#else
  return baseline;
#endif
}

}  // namespace

const Functions& functions() {
  static const Functions& best = chosen();
  return best;
}

}  // namespace kernels
