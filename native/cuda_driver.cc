#include "cuda_driver.h"

#include <string>
#include <vector>

#ifdef _WIN32
#include <windows.h>
#elif defined(__linux__)
#include <dlfcn.h>
#endif

namespace {

// A function of the driver's library, which stays loaded; found as this addon finds its own.
void* driverFunction(const char* name) {
#ifdef _WIN32
  static const HMODULE library = LoadLibraryExA("nvcuda.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  return library ? reinterpret_cast<void*>(GetProcAddress(library, name)) : nullptr;
#elif defined(__linux__)
  static void* const library = dlopen("libcuda.so.1", RTLD_LAZY);
  return library ? dlsym(library, name) : nullptr;
#else
  static_cast<void>(name);
  return nullptr;
#endif
}

// The driver's functions, whose types never change: each gives 0 where it did what it was asked.
template <typename... Arguments>
int ask(const char* name, Arguments... arguments) {
  constexpr int kNotFound = 500;  // CUDA_ERROR_NOT_FOUND
  const auto function = reinterpret_cast<int (*)(Arguments...)>(driverFunction(name));
  return function ? function(arguments...) : kNotFound;
}

// `CUDA_ERROR_NO_DEVICE`, or the number where the driver knows no name for it.
std::string nameOfError(int code) {
  const char* name = nullptr;
  return ask("cuGetErrorName", code, &name) == 0 && name ? name : "error " + std::to_string(code);
}

struct Device {
  std::string name;
  int capability;
};

// Gives the first error.
int listDevices(std::vector<Device>& devices) {
  constexpr int kCapabilityMajor = 75;
  constexpr int kCapabilityMinor = 76;
  int count = 0;
  if (const int error = ask("cuDeviceGetCount", &count)) return error;
  for (int ordinal = 0; ordinal < count; ordinal++) {
    int device = 0;
    int major = 0;
    int minor = 0;
    char name[256] = "";
    if (const int error = ask("cuDeviceGet", &device, ordinal)) return error;
    if (const int error = ask("cuDeviceGetAttribute", &major, kCapabilityMajor, device)) return error;
    if (const int error = ask("cuDeviceGetAttribute", &minor, kCapabilityMinor, device)) return error;
    if (const int error = ask("cuDeviceGetName", name, static_cast<int>(sizeof(name)), device)) return error;
    name[sizeof(name) - 1] = '\0';
    devices.push_back({name, 10 * major + minor});
  }
  return 0;
}

}  // namespace

Napi::Value cudaDriver(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!driverFunction("cuInit")) return env.Undefined();
  int version = 0;
  std::vector<Device> devices;
  int error = ask("cuDriverGetVersion", &version);
  if (error == 0) error = ask("cuInit", 0U);
  if (error == 0) error = listDevices(devices);
  Napi::Array list = Napi::Array::New(env);
  for (const Device& device : devices) {
    Napi::Object item = Napi::Object::New(env);
    item["name"] = device.name;
    item["capability"] = device.capability;
    list.Set(list.Length(), item);
  }
  Napi::Object driver = Napi::Object::New(env);
  driver["version"] = version;
  driver["devices"] = list;
  if (error != 0) driver["error"] = nameOfError(error);
  return driver;
}
