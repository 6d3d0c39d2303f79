#include "jpeg_check.h"

#include "jpeg/check.h"

namespace {

class JpegCheck : public Napi::AsyncWorker {
 public:
  JpegCheck(Napi::Env env, const Napi::Uint8Array& file)
      : Napi::AsyncWorker(env),
        promise_(Napi::Promise::Deferred::New(env)),
        kept_(Napi::Persistent(file.As<Napi::Object>())),
        file_{file.Data(), file.ElementLength()} {}

  Napi::Promise promise() const { return promise_.Promise(); }

  void Execute() override { verdict_ = jpeg::check(file_); }
  void OnOK() override { promise_.Resolve(Napi::String::New(Env(), verdict_)); }
  void OnError(const Napi::Error& error) override { promise_.Reject(error.Value()); }

 private:
  const Napi::Promise::Deferred promise_;
  const Napi::ObjectReference kept_;
  const jpeg::Bytes file_;
  std::string verdict_;
};

}  // namespace

Napi::Value checkJpeg(const Napi::CallbackInfo& info) {
  auto* const check = new JpegCheck(info.Env(), info[0].As<Napi::Uint8Array>());  // deletes itself
  check->Queue();
  return check->promise();
}
