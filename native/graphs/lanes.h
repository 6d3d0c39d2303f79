#pragma once

#include <cstdint>
#include <cstring>

#if defined(__AVX__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// As many floats as the processor that this is compiled for computes at once. Its includer is compiled for
// several; what is inline must stay in the anonymous namespace, since the linker would share it with code
// that runs on any.

namespace {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

typedef float Lanes __attribute__((vector_size(kLanes * sizeof(float))));
typedef int32_t Ints __attribute__((vector_size(kLanes * sizeof(int32_t))));
typedef uint16_t Halves __attribute__((vector_size(kLanes * sizeof(uint16_t))));

#define INLINE static inline __attribute__((always_inline))

INLINE int64_t smaller(int64_t a, int64_t b) {
  return a < b ? a : b;
}
INLINE int64_t larger(int64_t a, int64_t b) {
  return a > b ? a : b;
}

INLINE Lanes load(const float* from) {
  Lanes lanes;
  std::memcpy(&lanes, from, sizeof lanes);
  return lanes;
}

INLINE Lanes load(const uint16_t* from) {
#if defined(__AVX512F__)
  return (Lanes)_mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
#elif defined(__F16C__)
  return (Lanes)_mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
#elif defined(__aarch64__)
  float16x4_t halves;
  std::memcpy(&halves, from, sizeof halves);
  return (Lanes)vcvt_f32_f16(halves);
#else
  Halves halves;
  std::memcpy(&halves, from, sizeof halves);
  const Ints bits = __builtin_convertvector(halves, Ints);
  const Ints magnitude = (bits & 0x7fff) << 13;
  const Ints endless = ((bits & 0x7c00) == 0x7c00) & 0x7f800000;
  return (Lanes)((Ints)((Lanes)magnitude * 0x1p112f) | endless | (bits & 0x8000) << 16);
#endif
}

INLINE Lanes read(const float* from, int64_t count) {
  if (count >= kLanes) return load(from);
  Lanes lanes = {};
  if (count > 0) std::memcpy(&lanes, from, sizeof(float) * count);
  return lanes;
}

INLINE void store(float* to, Lanes lanes, int64_t count) {
  if (count >= kLanes) {
    std::memcpy(to, &lanes, sizeof lanes);
  } else if (count > 0) {
    std::memcpy(to, &lanes, sizeof(float) * count);
  }
}

// 2^x for x from -126 to 126, within 2 units in the last place.
INLINE Lanes exp2(Lanes x) {
  constexpr float kRound = 0x1.8p23f;
  const Lanes whole = (x + kRound) - kRound;
  const Lanes part = x - whole;
  Lanes power = part * 1.5403530e-4f + 1.3333558e-3f;
  power = power * part + 9.6181291e-3f;
  power = power * part + 5.5504109e-2f;
  power = power * part + 2.4022651e-1f;
  power = power * part + 6.9314718e-1f;
  power = power * part + 1.0f;
  return (Lanes)((Ints)power + (__builtin_convertvector(whole, Ints) << 23));
}

// x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))), which is x / (1 + exp(-2 …)).
INLINE Lanes gelu(Lanes x) {
  Lanes exponent = x * (x * x * -0.10294325f + -2.3022082f);
  const Lanes limit = Lanes{} + 126.0f;
  exponent = exponent > limit ? limit : exponent;
  exponent = exponent < -limit ? -limit : exponent;
  return x / (exp2(exponent) + 1.0f);
}

}  // namespace
