#include "quantise.h"

#include "gguf_file.h"
#include "llama.h"
#include "log.h"
#include "match_types.h"
#include "native_error.h"
#include "worker.h"

namespace {

struct Wanted {
  std::string input;
  std::string output;
  llama_ftype type;
  int32_t threads;
  size_t buffer;
};

// llama.cpp looks at the file's header once more, but ends the process where it trusts it.
void run(const Wanted& wanted) {
  checkGguf(wanted.input, GgufRole::kModel);
  llama_model_quantize_params params = llama_model_quantize_default_params();
  params.ftype = wanted.type;
  params.nthread = wanted.threads;
  params.max_buf_size = wanted.buffer;
  LogCapture log;
  if (llama_model_quantize(wanted.input.c_str(), wanted.output.c_str(), &params) != 0) {
    throw NativeError("ERR_MODEL_INVALID",
                      "Cannot quantise " + wanted.input + " to " + wanted.output + ": " + log.text());
  }
}

Napi::Value runAside(Napi::Env env, std::function<void()> job) {
  return Worker::runAlone(env, [job = std::move(job)](const std::atomic<bool>&) -> Worker::ToJs {
    job();
    return [](Napi::Env now) { return now.Undefined(); };
  });
}

std::string textIn(const Napi::Object& options, const char* key) {
  return options.Get(key).As<Napi::String>();
}

}  // namespace

Napi::Value quantise(const Napi::CallbackInfo& info) {
  const auto options = info[0].As<Napi::Object>();
  const Wanted wanted{textIn(options, "input"), textIn(options, "output"),
                      static_cast<llama_ftype>(options.Get("type").As<Napi::Number>().Int32Value()),
                      options.Get("threads").As<Napi::Number>().Int32Value(),
                      static_cast<size_t>(options.Get("buffer").As<Napi::Number>().Int64Value())};
  return runAside(info.Env(), [wanted] { run(wanted); });
}

Napi::Value matchTypes(const Napi::CallbackInfo& info) {
  const auto options = info[0].As<Napi::Object>();
  const TypeMatch wanted{textIn(options, "input"), textIn(options, "like"), textIn(options, "prefix"),
                         textIn(options, "output")};
  return runAside(info.Env(), [wanted] { matchTypes(wanted); });
}
