#pragma once

#include <napi.h>

// checkJpeg(file): a promise of what jpeg::check says, on a thread of libuv's pool.
Napi::Value checkJpeg(const Napi::CallbackInfo& info);
