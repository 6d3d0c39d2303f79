#include "operations.h"

#include <cstring>
#include <initializer_list>
#include <vector>

#include "ggml-backend.h"
#include "graph_checks.h"
#include "kernels.h"

namespace operations {

namespace {

// What ggml hands back to an operation besides its tensors is one pointer, which these bytes fit into.
struct Parameters {
  uint8_t step, left, top, gelu;
};

void* packed(const Steps& steps, bool gelu) {
  const Parameters parameters = {static_cast<uint8_t>(steps.step), static_cast<uint8_t>(steps.left),
                                 static_cast<uint8_t>(steps.top), gelu};
  void* pointer = nullptr;
  static_assert(sizeof parameters <= sizeof pointer, "an operation's parameters are as small as a pointer");
  std::memcpy(&pointer, &parameters, sizeof parameters);
  return pointer;
}

Parameters unpacked(const void* pointer) {
  Parameters parameters;
  std::memcpy(&parameters, &pointer, sizeof parameters);
  return parameters;
}

kernels::Window window(const Parameters& parameters, int64_t width, int64_t height) {
  return {width, height, parameters.step, parameters.left, parameters.top};
}

const float* floats(const ggml_tensor* tensor) {
  return tensor ? static_cast<const float*>(tensor->data) : nullptr;
}

// Then there are no edges, and the rows of a picture are one.
bool takesEachPlace(const kernels::Convolution& convolution) {
  const kernels::Window& window = convolution.window;
  return window.width * window.height * window.step == 1 && window.left + window.top == 0 &&
         convolution.planes == 1;
}

// Far above any network's; a thread's scratch stays below 64 MB.
constexpr int64_t kMostInputs = 1 << 18;

int64_t inputsOf(const ggml_tensor* kernel) {
  return kernel->ne[0] * kernel->ne[1] * kernel->ne[2];
}

// One panel of a kernel in f32, on the thread that asks; a session's threads stay.
float* scratchFor(const ggml_tensor* kernel) {
  if (kernel->type != GGML_TYPE_F16) return nullptr;
  thread_local std::vector<float> scratch;
  const size_t size = inputsOf(kernel) * kernels::kPanel;
  if (scratch.size() < size) scratch.resize(size);
  return scratch.data();
}

void computeConvolution(ggml_tensor* result, int thread, int threads, void* pointer) {
  const ggml_tensor *picture = result->src[0], *kernel = result->src[1], *bias = result->src[2];
  const Parameters parameters = unpacked(pointer);
  kernels::Convolution convolution = {
      floats(picture),      picture->ne[0],
      picture->ne[1],       picture->ne[2],
      picture->ne[3],       window(parameters, kernel->ne[1], kernel->ne[2] / picture->ne[3]),
      kernel->data,         kernel->type == GGML_TYPE_F16,
      scratchFor(kernel),   floats(bias),
      parameters.gelu != 0, static_cast<float*>(result->data),
      result->ne[0],        result->ne[1]};
  const int64_t places = result->ne[1] * result->ne[2];
  if (takesEachPlace(convolution) && places == convolution.width * convolution.height) {
    convolution.outputWidth = convolution.width = places;
    convolution.height = 1;
  }
  kernels::functions().convolve(convolution, places * thread / threads, places * (thread + 1) / threads);
}

void computeDepthwise(ggml_tensor* result, int thread, int threads, void* pointer) {
  const ggml_tensor *picture = result->src[0], *kernel = result->src[1];
  const Parameters parameters = unpacked(pointer);
  const kernels::Depthwise convolution = {floats(picture),
                                          picture->ne[0],
                                          picture->ne[1],
                                          picture->ne[2],
                                          window(parameters, kernel->ne[1], kernel->ne[2]),
                                          floats(kernel),
                                          parameters.gelu != 0,
                                          static_cast<float*>(result->data),
                                          result->ne[1]};
  const int64_t places = result->ne[1] * result->ne[2];
  kernels::functions().depthwise(convolution, places * thread / threads, places * (thread + 1) / threads);
}

bool isPicture(const ggml_tensor* tensor) {
  return tensor->type == GGML_TYPE_F32 && ggml_is_contiguous(tensor) && !ggml_is_empty(tensor);
}

bool fits(const Steps& steps, int64_t width, int64_t height) {
  const auto isByte = [](int64_t value) { return value >= 0 && value <= 255; };
  return isByte(steps.step) && steps.step > 0 && isByte(steps.left) && isByte(steps.top) && width > 0 &&
         height > 0;
}

ggml_tensor* custom(ggml_context* context, const char* name, const kernels::Window& window,
                    std::initializer_list<int64_t> shape, std::vector<ggml_tensor*> sources,
                    ggml_custom_op_t compute, void* parameters) {
  if (!graph_checks::hasRoom(context)) graph_checks::fail("its graph has too many operations");
  const int64_t* sizes = shape.begin();
  ggml_tensor* result =
      ggml_custom_4d(context, GGML_TYPE_F32, sizes[0], sizes[1], sizes[2], 1, sources.data(),
                     static_cast<int>(sources.size()), compute, GGML_N_TASKS_MAX, parameters);
  return ggml_format_name(result, "%s %dx%d", name, static_cast<int>(window.width),
                          static_cast<int>(window.height));
}

}  // namespace

bool isOnCpu(const ggml_tensor* weight) {
  return weight && weight->buffer && ggml_backend_buffer_is_host(weight->buffer);
}

ggml_tensor* convolve(ggml_context* context, ggml_tensor* kernel, ggml_tensor* picture, ggml_tensor* bias,
                      Steps steps, int64_t width, int64_t height, bool gelu) {
  const bool fit = kernel && !ggml_is_empty(kernel) && isPicture(picture) && fits(steps, width, height) &&
                   kernel->ne[0] == picture->ne[0] && kernel->ne[2] % picture->ne[3] == 0 &&
                   inputsOf(kernel) <= kMostInputs && (!bias || ggml_nelements(bias) == kernel->ne[3]);
  if (!fit) graph_checks::misfit("a convolution", kernel);
  std::vector<ggml_tensor*> sources = {picture, kernel};
  if (bias) sources.push_back(bias);
  const kernels::Window size = {kernel->ne[1], kernel->ne[2] / picture->ne[3]};
  return custom(context, "convolution", size, {kernel->ne[3], width, height}, sources, computeConvolution,
                packed(steps, gelu));
}

ggml_tensor* depthwise(ggml_context* context, ggml_tensor* kernel, ggml_tensor* picture, Steps steps,
                       int64_t width, int64_t height, bool gelu) {
  const bool fit = kernel && !ggml_is_empty(kernel) && isPicture(picture) && fits(steps, width, height) &&
                   kernel->ne[0] == picture->ne[0] && kernel->ne[3] == 1 && picture->ne[3] == 1;
  if (!fit) graph_checks::misfit("a depthwise convolution", kernel);
  const kernels::Window size = {kernel->ne[1], kernel->ne[2]};
  return custom(context, "depthwise", size, {kernel->ne[0], width, height}, {picture, kernel},
                computeDepthwise, packed(steps, gelu));
}

}  // namespace operations
