// Holds multiplyQ8 against plain loops in double precision: prints one line of JSON.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <random>
#include <utility>
#include <vector>

#include "../../native/products/q8_0.h"

namespace {

struct Block {
  uint16_t scale;
  int8_t values[32];
};

// f16 of powers of two that are normal in it.
uint16_t half(int exponent) {
  return static_cast<uint16_t>((exponent + 15) << 10);
}

struct Matrix {
  Matrix(int64_t rows, int64_t blocks, int64_t stride, std::mt19937& dice)
      : stride(stride), values(rows * stride), exponents(rows * stride) {
    for (size_t i = 0; i < values.size(); i++) {
      exponents[i] = static_cast<int>(dice() % 8) - 8;
      values[i].scale = half(exponents[i]);
      for (int8_t& value : values[i].values)
        value = static_cast<int8_t>(static_cast<int>(dice() % 255) - 127);
    }
    // The ends of the range, all of one sign.
    std::memset(values[0].values, -127, 32);
    std::memset(values[blocks - 1].values, 127, 32);
  }
  int64_t stride;
  std::vector<Block> values;
  std::vector<int> exponents;
};

// And, as what rounding goes by, the same of the terms' sizes.
std::pair<double, double> product(const Matrix& a, int64_t i, const Matrix& b, int64_t j, int64_t k) {
  double sum = 0, size = 0;
  for (int64_t l = 0; l < k; l++) {
    const size_t p = i * a.stride + l, q = j * b.stride + l;
    int whole = 0;
    for (int v = 0; v < 32; v++) whole += a.values[p].values[v] * b.values[q].values[v];
    const double term = std::ldexp(whole, a.exponents[p] + b.exponents[q]);
    sum += term;
    size += std::abs(term);
  }
  return {sum, size};
}

}  // namespace

int main() {
  std::mt19937 dice(7);
  double largest = 0;
  bool computed = true, alike = true, refused = true;
  for (const int64_t m : {16, 48}) {
    for (const int64_t n : {2, 3, 8, 21, 70}) {
      for (const int64_t k : {1, 2, 9}) {
        const Matrix weights(m, k, k + 1, dice), rows(n, k, k + 2, dice);
        const int64_t stride = m + 3;
        std::vector<float> whole(n * stride, -1), part(n * stride, -1);
        for (int thread = 0; thread < 3; thread++) {
          computed &= multiplyQ8(m, n, k, weights.values.data(), k + 1, rows.values.data(), k + 2,
                                 whole.data(), stride, thread, 3);
        }
        // The last two rows by themselves, on one thread.
        multiplyQ8(m, 2, k, weights.values.data(), k + 1, rows.values.data() + (n - 2) * (k + 2), k + 2,
                   part.data(), stride, 0, 1);
        alike &= std::memcmp(whole.data() + (n - 2) * stride, part.data(), m * sizeof(float)) == 0;
        alike &= std::memcmp(whole.data() + (n - 1) * stride, part.data() + stride, m * sizeof(float)) == 0;
        for (int64_t j = 0; j < n; j++) {
          for (int64_t i = 0; i < m; i++) {
            const auto [expected, size] = product(weights, i, rows, j, k);
            largest = std::max(largest, std::abs(whole[j * stride + i] - expected) / size);
          }
          alike &= whole[j * stride + m] == -1;  // nothing beyond its results is written
        }
        refused &= !multiplyQ8(m + 1, n, k, nullptr, 0, nullptr, 0, nullptr, 0, 0, 1) &&
                   !multiplyQ8(m, 1, k, nullptr, 0, nullptr, 0, nullptr, 0, 0, 1);
      }
    }
  }
  std::printf("{\"computed\":%s,\"alike\":%s,\"refused\":%s,\"largest\":%g}\n", computed ? "true" : "false",
              alike ? "true" : "false", refused ? "true" : "false", largest);
}
