#pragma once

#include <cfloat>

#include "kernels.h"
#include "lanes.h"

// Included by kernels.cc alone.

namespace {

using kernels::kBlock;

float weigh(float* scores, const float* mask, int64_t count, int64_t padded, float scale) {
  constexpr int kVectors = kBlock / kLanes;  // the same sums on every processor
  for (int64_t i = 0; i < count; i++) scores[i] = scores[i] * scale + (mask ? mask[i] : 0.0f);
  for (int64_t i = count; i < padded; i++) scores[i] = -FLT_MAX;
  Lanes most = load(scores);
  for (int64_t i = kLanes; i < padded; i += kLanes) {
    const Lanes next = load(scores + i);
    most = next > most ? next : most;
  }
  float parts[kBlock];
  store(parts, most, kLanes);
  float largest = parts[0];
  for (int i = 1; i < kLanes; i++) largest = parts[i] > largest ? parts[i] : largest;
  Lanes sums[kVectors] = {};
  for (int64_t i = 0; i < padded; i += kBlock) {
    for (int v = 0; v < kVectors; v++) {
      float* at = scores + i + v * kLanes;
      Lanes exponent = (load(at) - largest) * 1.4426950f;
      exponent = exponent < -126.0f ? Lanes{} - 126.0f : exponent;
      const Lanes power = exp2(exponent);
      store(at, power, kLanes);
      sums[v] += power;
    }
  }
  for (int v = 0; v < kVectors; v++) store(parts + v * kLanes, sums[v], kLanes);
  float sum = 0;
  for (const float part : parts) sum += part;
  return sum;
}

}  // namespace
