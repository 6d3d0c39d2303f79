#pragma once

#include <napi.h>

// measureNeed({model, mmproj, gpuLayers, …}): a promise of what a model would take of memory, without taking
// it. src/native/addon.ts has its types.
Napi::Value measureNeed(const Napi::CallbackInfo& info);
