#include "kernels.h"

#include "lanes.h"
#include "softmax.h"

// Compiled once for each level of processor (cmake/graphs.cmake).

namespace {

using kernels::Convolution;
using kernels::Depthwise;
using kernels::kBlock;
using kernels::kPanel;
using kernels::Window;

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
const Functions KERNELS_NAME = {convolve, depthwise, weigh};

}  // namespace kernels
