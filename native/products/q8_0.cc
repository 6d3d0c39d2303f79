#include "q8_0.h"

#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512VNNI__)

#include <immintrin.h>

#include <cstring>
#include <memory>

// ggml has each weight's row times each row by itself: every 32 products end in a conversion, two scales and
// a sum across a vector. Here sixteen weights' rows stand in the lanes of a vector, four products to a lane,
// so that a block of 32 has one conversion and one scale for all of them.

namespace {

constexpr int64_t kLanes = 16;
constexpr int64_t kBlock = 32, kWords = kBlock / 4;
constexpr int64_t kPanel = 64;    // rows whose scales are at hand at once
constexpr int64_t kTogether = 8;  // rows a pass over the weights
constexpr int64_t kLeast = 2;     // one row is bound by memory, and ggml's way is as fast

struct Block {
  uint16_t scale;  // f16
  int8_t values[kBlock];
};
static_assert(sizeof(Block) == 34, "ggml's block_q8_0");

// A block of sixteen weights' rows. VNNI multiplies unsigned values by signed ones, so 128 is added to each.
struct alignas(64) Packed {
  __m512i words[kWords];
  __m512 scales;
};

struct Row {
  const Block* blocks;
  float* result;
};

// Of a block of a row.
struct Side {
  int32_t excess;  // what adding 128 to the weights adds to a product, negated
  float scale;
};

template <typename T>
class Scratch {
 public:
  T* of(int64_t count) {
    if (count > count_) {
      memory_.reset(new (std::align_val_t{64}) T[static_cast<size_t>(count)]);
      count_ = count;
    }
    return memory_.get();
  }

 private:
  struct Free {
    void operator()(T* memory) const { ::operator delete[](memory, std::align_val_t{64}); }
  };
  std::unique_ptr<T[], Free> memory_;
  int64_t count_ = 0;
};

thread_local Scratch<Packed> packedScratch;
thread_local Scratch<Side> sideScratch;

// Words 0 to 7 of two blocks, the second's above the first's.
inline __m512i pair(const Block& low, const Block& high) {
  const auto* a = reinterpret_cast<const __m256i*>(low.values);
  const auto* b = reinterpret_cast<const __m256i*>(high.values);
  return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(a)), _mm256_loadu_si256(b), 1);
}

// Sixteen blocks, `stride` apart, to eight vectors, of which each has one word of each block.
inline void pack(const Block* block, int64_t stride, Packed& out) {
  const __m512i sign = _mm512_set1_epi8(-128);
  __m512i rows[8], twos[8], fours[8];
  for (int i = 0; i < 8; i++) rows[i] = pair(block[i * stride], block[(i + 8) * stride]);
  for (int i = 0; i < 8; i += 2) {
    twos[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
    twos[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    fours[i] = _mm512_unpacklo_epi64(twos[i], twos[i + 2]);
    fours[i + 1] = _mm512_unpackhi_epi64(twos[i], twos[i + 2]);
    fours[i + 2] = _mm512_unpacklo_epi64(twos[i + 1], twos[i + 3]);
    fours[i + 3] = _mm512_unpackhi_epi64(twos[i + 1], twos[i + 3]);
  }
  // A quarter of a vector holds a word of four neighbouring rows; the quarters of word w of rows 0 to 3 and 8
  // to 11 are in fours[w], those of word w + 4 beside them, and those of the other rows in fours[w + 4].
  const __m512i first = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
  const __m512i second = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  for (int w = 0; w < 4; w++) {
    out.words[w] = _mm512_xor_si512(_mm512_permutex2var_epi64(fours[w], first, fours[w + 4]), sign);
    out.words[w + 4] = _mm512_xor_si512(_mm512_permutex2var_epi64(fours[w], second, fours[w + 4]), sign);
  }
  alignas(32) uint16_t scales[kLanes];
  for (int64_t i = 0; i < kLanes; i++) scales[i] = block[i * stride].scale;
  out.scales = _mm512_cvtph_ps(_mm256_load_si256(reinterpret_cast<const __m256i*>(scales)));
}

inline Side sideOf(const Block& block) {
  const __m256i values = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block.values));
  const __m512i sums = _mm512_madd_epi16(_mm512_cvtepi8_epi16(values), _mm512_set1_epi16(1));
  return {-128 * _mm512_reduce_add_epi32(sums), _cvtsh_ss(block.scale)};
}

inline __m512i wordOf(const Block& block, int64_t w) {
  int32_t word;
  std::memcpy(&word, block.values + 4 * w, sizeof word);
  return _mm512_set1_epi32(word);
}

// `side` has a panel of each block of weights in turn.
template <int64_t kRows>
void multiply(const Packed* packed, int64_t k, const Row* rows, const Side* side, int64_t panel) {
  __m512 sums[kRows];
  for (int64_t j = 0; j < kRows; j++) sums[j] = _mm512_setzero_ps();
  for (int64_t l = 0; l < k; l++, side += panel) {
    __m512i products[kRows];
    for (int64_t j = 0; j < kRows; j++) products[j] = _mm512_set1_epi32(side[j].excess);
    for (int64_t w = 0; w < kWords; w++) {
      const __m512i word = packed[l].words[w];
      for (int64_t j = 0; j < kRows; j++) {
        products[j] = _mm512_dpbusd_epi32(products[j], word, wordOf(rows[j].blocks[l], w));
      }
    }
    for (int64_t j = 0; j < kRows; j++) {
      const __m512 scales = _mm512_mul_ps(packed[l].scales, _mm512_set1_ps(side[j].scale));
      sums[j] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(products[j]), scales, sums[j]);
    }
  }
  for (int64_t j = 0; j < kRows; j++) _mm512_storeu_ps(rows[j].result, sums[j]);
}

void multiplyUpTo8(int64_t count, const Packed* packed, int64_t k, const Row* rows, const Side* side,
                   int64_t panel) {
  switch (count) {
    case 1:
      return multiply<1>(packed, k, rows, side, panel);
    case 2:
      return multiply<2>(packed, k, rows, side, panel);
    case 3:
      return multiply<3>(packed, k, rows, side, panel);
    case 4:
      return multiply<4>(packed, k, rows, side, panel);
    case 5:
      return multiply<5>(packed, k, rows, side, panel);
    case 6:
      return multiply<6>(packed, k, rows, side, panel);
    case 7:
      return multiply<7>(packed, k, rows, side, panel);
    default:
      return multiply<8>(packed, k, rows, side, panel);
  }
}

}  // namespace

bool multiplyQ8(int64_t m, int64_t n, int64_t k, const void* weights, int64_t weightsStride, const void* rows,
                int64_t rowsStride, float* results, int64_t resultsStride, int thread, int threads) {
  if (n < kLeast || m % kLanes != 0) return false;
  const auto* weight = static_cast<const Block*>(weights);
  const int64_t tiles = m / kLanes, first = tiles * thread / threads, last = tiles * (thread + 1) / threads;
  Packed* packed = packedScratch.of(k);
  for (int64_t from = 0; from < n && first < last; from += kPanel) {
    const int64_t panel = n - from < kPanel ? n - from : kPanel;
    const Block* row = static_cast<const Block*>(rows) + from * rowsStride;
    Side* side = sideScratch.of(k * panel);
    for (int64_t l = 0; l < k; l++) {
      for (int64_t j = 0; j < panel; j++) side[l * panel + j] = sideOf(row[j * rowsStride + l]);
    }
    for (int64_t tile = first; tile < last; tile++) {
      for (int64_t l = 0; l < k; l++)
        pack(weight + tile * kLanes * weightsStride + l, weightsStride, packed[l]);
      for (int64_t j = 0; j < panel; j += kTogether) {
        const int64_t count = panel - j < kTogether ? panel - j : kTogether;
        Row some[kTogether];
        for (int64_t i = 0; i < count; i++) {
          some[i] = {row + (j + i) * rowsStride, results + (from + j + i) * resultsStride + tile * kLanes};
        }
        multiplyUpTo8(count, packed, k, some, side + j, panel);
      }
    }
  }
  return true;
}

#else

bool multiplyQ8(int64_t, int64_t, int64_t, const void*, int64_t, const void*, int64_t, float*, int64_t, int,
                int) {
  return false;
}

#endif
