#include "kernels.h"

#include <cstring>

#if defined(__AVX__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// Compiled once for each level of processor (cmake/graphs.cmake). What is inline here must stay in the
// anonymous namespace: the linker would share it with code that runs on any processor.

namespace {

using kernels::Convolution;
using kernels::Depthwise;
using kernels::kBlock;
using kernels::kPanel;
using kernels::Window;

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
  const Lanes limit = exponent - exponent + 126.0f;
  exponent = exponent > limit ? limit : exponent;
  exponent = exponent < -limit ? -limit : exponent;
  return x / (exp2(exponent) + 1.0f);
}

// The part of a kernel, from its `size` places at `start`, that lies inside a picture.
struct Span {
  int64_t begin, end;
};
INLINE Span inside(int64_t start, int64_t size, int64_t picture) {
  return {larger(0, -start), smaller(size, picture - start)};
}

template <int Vectors, int Places>
INLINE void convolveTile(const Convolution& c, const float* panel, int64_t panelWidth, int64_t channel,
                         int64_t x, int64_t y) {
  const Window& window = c.window;
  const int64_t left = x * window.step - window.left, top = y * window.step - window.top;
  const Span columns = inside(left, window.width, c.width), rows = inside(top, window.height, c.height);
  const int64_t run = larger(0, columns.end - columns.begin) * c.unit, next = window.step * c.unit;
  Lanes sums[Places][Vectors];
  for (int v = 0; v < Vectors; v++) {
    const int64_t count = smaller(kLanes, c.channels - channel - v * kLanes);
    const Lanes bias = c.bias ? read(c.bias + channel + v * kLanes, count) : Lanes{};
    for (int p = 0; p < Places; p++) sums[p][v] = bias;
  }
  for (int64_t row = rows.begin; row < rows.end; row++) {
    for (int64_t plane = 0; plane < c.planes; plane++) {
      const float* input =
          c.input + ((plane * c.height + top + row) * c.width + left + columns.begin) * c.unit;
      const float* weights =
          panel + ((row * c.planes + plane) * window.width + columns.begin) * c.unit * panelWidth;
      for (int64_t k = 0; k < run; k++, weights += panelWidth) {
        Lanes weight[Vectors];
        for (int v = 0; v < Vectors; v++) weight[v] = load(weights + v * kLanes);
        for (int p = 0; p < Places; p++) {
          for (int v = 0; v < Vectors; v++) sums[p][v] += weight[v] * input[p * next + k];
        }
      }
    }
  }
  for (int p = 0; p < Places; p++) {
    float* output = c.output + (y * c.outputWidth + x + p) * c.channels + channel;
    for (int v = 0; v < Vectors; v++) {
      const Lanes sum = c.gelu ? gelu(sums[p][v]) : sums[p][v];
      store(output + v * kLanes, sum, c.channels - channel - v * kLanes);
    }
  }
}

// Computes places x to end of a row, many at once where the whole window is inside the picture.
template <int Most, typename Row>
INLINE void alongRow(const Row& row, const Window& window, int64_t width, int64_t x, int64_t end) {
  const int64_t first = (window.left + window.step - 1) / window.step;
  const int64_t room = width + window.left - window.width;
  const int64_t last = room < 0 ? -1 : room / window.step;
  while (x < end) {
    const int64_t many = x < first ? 0 : smaller(end, last + 1) - x;
    if (many >= Most) {
      row.template at<Most>(x);
      x += Most;
    } else if (many >= larger(2, Most / 2)) {
      row.template at<Most / 2>(x);
      x += Most / 2;
    } else if (many >= larger(2, Most / 4)) {
      row.template at<Most / 4>(x);
      x += Most / 4;
    } else {
      row.template at<1>(x);
      x++;
    }
  }
}

template <int Vectors>
struct ConvolutionRow {
  const Convolution& c;
  const float* panel;
  int64_t panelWidth, channel, y;
  template <int Places>
  void at(int64_t x) const {
    convolveTile<Vectors, Places>(c, panel, panelWidth, channel, x, y);
  }
};

// As many places at once as there are registers for their sums.
constexpr int placesFor(int vectors) {
  return kLanes < 16 ? 6 : vectors == 1 ? 12 : 24 / vectors;
}

template <int Vectors>
void convolveChannels(const Convolution& c, const float* panel, int64_t panelWidth, int64_t channel,
                      int64_t begin, int64_t end) {
  while (begin < end) {
    const int64_t y = begin / c.outputWidth, x = begin % c.outputWidth;
    const int64_t stop = smaller(c.outputWidth, x + end - begin);
    alongRow<placesFor(Vectors)>(ConvolutionRow<Vectors>{c, panel, panelWidth, channel, y}, c.window, c.width,
                                 x, stop);
    begin += stop - x;
  }
}

// f32 are used where they lie; f16 are widened once for all places.
const float* widened(const Convolution& c, int64_t first, int64_t count) {
  if (!c.half) return static_cast<const float*>(c.weights) + first;
  const uint16_t* from = static_cast<const uint16_t*>(c.weights) + first;
  for (int64_t i = 0; i < count; i += kLanes) store(c.scratch + i, load(from + i), kLanes);
  return c.scratch;
}

void convolve(const Convolution& c, int64_t begin, int64_t end) {
  constexpr int kMost = kLanes < 16 ? 2 : 4;
  const int64_t channels = (c.channels + kBlock - 1) / kBlock * kBlock;
  const int64_t inputs = c.unit * c.planes * c.window.width * c.window.height;
  for (int64_t first = 0; first < channels; first += kPanel) {
    const int64_t width = smaller(kPanel, channels - first);
    const float* panel = widened(c, first * inputs, width * inputs);
    for (int64_t done = 0; done < width;) {
      const int64_t vectors = smaller(kMost, (width - done) / kLanes);
      const auto compute = vectors == 4   ? convolveChannels<(kMost < 4 ? kMost : 4)>
                           : vectors == 3 ? convolveChannels<(kMost < 3 ? kMost : 3)>
                           : vectors == 2 ? convolveChannels<2>
                                          : convolveChannels<1>;
      compute(c, panel + done, width, first + done, begin, end);
      done += vectors * kLanes;
    }
  }
}

struct DepthwiseRow {
  const Depthwise& d;
  int64_t channel, y;
  template <int Places>
  void at(int64_t x) const {
    const Window& window = d.window;
    const int64_t left = x * window.step - window.left, top = y * window.step - window.top;
    const Span columns = inside(left, window.width, d.width), rows = inside(top, window.height, d.height);
    const int64_t count = smaller(kLanes, d.channels - channel);
    Lanes sums[Places] = {};
    for (int64_t row = rows.begin; row < rows.end; row++) {
      for (int64_t column = columns.begin; column < columns.end; column++) {
        const float* input = d.input + ((top + row) * d.width + left + column) * d.channels + channel;
        const Lanes weight = read(d.weights + (row * window.width + column) * d.channels + channel, count);
        for (int p = 0; p < Places; p++)
          sums[p] += weight * read(input + p * window.step * d.channels, count);
      }
    }
    for (int p = 0; p < Places; p++)
      store(d.output + (y * d.outputWidth + x + p) * d.channels + channel, d.gelu ? gelu(sums[p]) : sums[p],
            count);
  }
};

void depthwise(const Depthwise& d, int64_t begin, int64_t end) {
  while (begin < end) {
    const int64_t y = begin / d.outputWidth, x = begin % d.outputWidth;
    const int64_t stop = smaller(d.outputWidth, x + end - begin);
    for (int64_t channel = 0; channel < d.channels; channel += kLanes)
      alongRow<8>(DepthwiseRow{d, channel, y}, d.window, d.width, x, stop);
    begin += stop - x;
  }
}

}  // namespace

namespace kernels {

extern const Functions KERNELS_NAME;
const Functions KERNELS_NAME = {convolve, depthwise};

}  // namespace kernels
