#include <atomic>
#include <mutex>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#ifdef __linux__
#include <dlfcn.h>
#endif

#include "addon_data.h"
#include "cuda_driver.h"
#include "ggml-backend.h"
#include "handles.h"
#include "jpeg_check.h"
#include "lifeline.h"
#include "log.h"
#include "need.h"
#include "quantise.h"

std::vector<llama_token> tokensFrom(const Napi::Value& value) {
  const bool tokens =
      value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_int32_array;
  if (!tokens) throw argumentError(value.Env(), "tokens in an Int32Array", "something else");
  const auto array = value.As<Napi::Int32Array>();
  return {array.Data(), array.Data() + array.ElementLength()};
}

Napi::Error argumentError(Napi::Env env, const char* expected, const char* what) {
  const NativeError error("ERR_INVALID_ARGUMENT",
                          std::string("Expected ") + expected + " but received " + what);
  return Napi::Error(env, AddonData::of(env).makeError(env, error));
}

Napi::Error disposedError(Napi::Env env, const char* what) {
  const NativeError error("ERR_DISPOSED", std::string("This ") + what + " was disposed");
  return Napi::Error(env, AddonData::of(env).makeError(env, error));
}

namespace {

// init(TonescoreError, folder of ggml's modules, GPU modules): once an environment; the modules once a
// process.
void init(const Napi::CallbackInfo& info) {
  AddonData::of(info.Env()).errorClass = Napi::Persistent(info[0].As<Napi::Function>());
  const std::string folder = info[1].As<Napi::String>();
  static std::once_flag once;
  std::call_once(once, [&folder] {
    installLog();
    ggml_backend_load_all_from_path(folder.c_str());
    llama_backend_init();
  });
}

// Whether a library is loaded, found as this addon finds its own: a library that is loaded is not looked for
// again, in whatever places a module names for it.
bool loadSystemLibrary(const std::string& name) {
#ifdef __linux__
  return dlopen(name.c_str(), RTLD_LAZY) != nullptr;
#else
  return !name.empty();
#endif
}

// loadBackend(path, names of system libraries): whether ggml took the module; every module once a process.
Napi::Value loadBackend(const Napi::CallbackInfo& info) {
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  const std::string path = info[0].As<Napi::String>();
  const auto libraries = info[1].As<Napi::Array>();
  for (uint32_t i = 0; i < libraries.Length(); i++) {
    const std::string library = libraries.Get(i).As<Napi::String>();
    if (!loadSystemLibrary(library)) return Napi::Boolean::New(info.Env(), false);
  }
  return Napi::Boolean::New(info.Env(), ggml_backend_load(path.c_str()) != nullptr);
}

Napi::Value devices(const Napi::CallbackInfo& info) {
  Napi::Array list = Napi::Array::New(info.Env());
  for (size_t i = 0; i < ggml_backend_dev_count(); i++) {
    ggml_backend_dev_t device = ggml_backend_dev_get(i);
    Napi::Object item = Napi::Object::New(info.Env());
    item["name"] = ggml_backend_dev_name(device);
    item["description"] = ggml_backend_dev_description(device);
    item["backend"] = ggml_backend_reg_name(ggml_backend_dev_backend_reg(device));
    item["gpu"] = ggml_backend_dev_type(device) != GGML_BACKEND_DEVICE_TYPE_CPU &&
                  ggml_backend_dev_type(device) != GGML_BACKEND_DEVICE_TYPE_ACCEL;
    size_t free = 0, total = 0;
    ggml_backend_dev_memory(device, &free, &total);
    item["free"] = static_cast<double>(free);
    list.Set(static_cast<uint32_t>(i), item);
  }
  return list;
}

// Loading has a thread of its own, which goes when the promise is settled.
struct Loader {
  Loader(Napi::Env env, Napi::Function progress) : onProgress(Napi::Persistent(progress)), worker(env) {}
  Napi::FunctionReference onProgress;
  Worker worker;
};

// loadModel(options, onProgress, abortSwitch): a promise of a Model.
Napi::Value loadModel(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto options = info[0].As<Napi::Object>();
  const ModelOptions wanted{options.Get("model").As<Napi::String>(), options.Get("mmproj").As<Napi::String>(),
                            options.Get("gpuLayers").As<Napi::Number>(),
                            options.Get("lowMemory").ToBoolean()};
  auto* const loader = new Loader(env, info[1].As<Napi::Function>());
  Napi::Object owner = Napi::Object::New(env);
  owner.AddFinalizer([](Napi::Env, Loader* done) { delete done; }, loader);
  return loader->worker.run(
      owner,
      [wanted, loader](const std::atomic<bool>& aborted) -> Worker::ToJs {
        const auto report = [loader](float fraction) {
          loader->worker.post([loader, fraction](Napi::Env now) {
            loader->onProgress.Call({Napi::Number::New(now, fraction)});
          });
        };
        auto model = std::make_shared<const Model>(wanted, report, aborted);
        return [model](Napi::Env now) { return ModelHandle::make(now, model); };
      },
      AbortSwitch::flagOf(info[2]));
}

// Whether this process is one of ours; the C library's memory concerns all of it.
std::atomic<bool> keepsLessMemory{false};

// keepLessMemory(): glibc keeps what was freed, in an arena for each thread, in case it is wanted again.
// Pictures are large and differ in size, so they leave holes there.
void keepLessMemory(const Napi::CallbackInfo&) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_THRESHOLD, 1 << 20);  // larger blocks go back to the system when they are freed
#endif
  keepsLessMemory = true;
}

// free(array): gives back its memory now, where the garbage collector would wait; in a process of ours also
// what others left behind since the last picture.
void freeArray(const Napi::CallbackInfo& info) {
  const auto array = info[0].As<Napi::TypedArray>();
  if (array.ByteLength() == 0) return;
  array.ArrayBuffer().Detach();
#ifdef __GLIBC__
  if (keepsLessMemory) malloc_trim(0);
#endif
}

// endWithHost(): for a process of ours whose standard input its host holds open and never writes to.
void endWithHost(const Napi::CallbackInfo&) {
  endWithStandardInput();
}

// stopWorkers(): process.exit() runs no cleanup hooks, and no thread may outlive the libraries that it runs
// in.
void stopWorkers(const Napi::CallbackInfo& info) {
  Worker::stopAll(info.Env());
}

Napi::Object start(Napi::Env env, Napi::Object exports) {
  auto* const data = new AddonData;
  env.SetInstanceData(data);
  data->modelClass = Napi::Persistent(ModelHandle::define(env));
  data->sessionClass = Napi::Persistent(SessionHandle::define(env));
  data->pictureClass = Napi::Persistent(PictureHandle::define(env));
  exports["AbortSwitch"] = AbortSwitch::define(env);
  exports["llamaCpp"] = LLAMA_RELEASE;
  exports["init"] = Napi::Function::New(env, init);
  exports["cudaDriver"] = Napi::Function::New(env, cudaDriver);
  exports["loadBackend"] = Napi::Function::New(env, loadBackend);
  exports["devices"] = Napi::Function::New(env, devices);
  exports["keepLessMemory"] = Napi::Function::New(env, keepLessMemory);
  exports["free"] = Napi::Function::New(env, freeArray);
  exports["endWithHost"] = Napi::Function::New(env, endWithHost);
  exports["stopWorkers"] = Napi::Function::New(env, stopWorkers);
  exports["checkJpeg"] = Napi::Function::New(env, checkJpeg);
  exports["measureNeed"] = Napi::Function::New(env, measureNeed);
  exports["quantise"] = Napi::Function::New(env, quantise);
  exports["matchTypes"] = Napi::Function::New(env, matchTypes);
  exports["loadModel"] = Napi::Function::New(env, loadModel);
  return exports;
}

}  // namespace

NODE_API_MODULE(tonescore, start)
