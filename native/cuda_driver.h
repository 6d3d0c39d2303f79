#pragma once

#include <napi.h>

// cudaDriver(): what NVIDIA's driver says of itself and of the GPUs that it shows, before any module for CUDA
// is loaded, as `CudaDriver` in src/native/addon.ts has it; undefined where there is no driver.
Napi::Value cudaDriver(const Napi::CallbackInfo& info);
