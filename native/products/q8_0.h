#pragma once

#include <cstdint>

// Products of weights of q8_0 with rows of q8_0, for processors with AVX-512 VNNI. Compiled into ggml's CPU
// modules. A row's results are the same to the bit whatever rows it is multiplied beside.

// `weights` has m rows of k blocks, `rows` n rows of k blocks; result j * stride + i is row j times weights
// i. Distances in blocks. False, and nothing written, where this processor or these sizes are not for it.
bool multiplyQ8(int64_t m, int64_t n, int64_t k, const void* weights, int64_t weightsStride, const void* rows,
                int64_t rowsStride, float* results, int64_t resultsStride, int thread, int threads);
