#include "addon_data.h"
#include "handles.h"

Napi::Function PictureHandle::define(Napi::Env env) {
  return DefineClass(env, "Picture",
                     {
                         InstanceAccessor<&PictureHandle::tokens>("tokens"),
                         InstanceAccessor<&PictureHandle::milliseconds>("milliseconds"),
                         InstanceMethod<&PictureHandle::dispose>("dispose"),
                     });
}

PictureHandle::PictureHandle(const Napi::CallbackInfo& info) : Napi::ObjectWrap<PictureHandle>(info) {}

Napi::Object PictureHandle::make(Napi::Env env, PicturePtr picture) {
  const Napi::Object object = AddonData::of(env).pictureClass.New({});
  Unwrap(object)->picture_ = std::move(picture);
  return object;
}

PicturePtr PictureHandle::get(Napi::Env env) const {
  if (!picture_) throw disposedError(env, "picture");
  return picture_;
}

Napi::Value PictureHandle::tokens(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(get(info.Env())->tokens));
}

Napi::Value PictureHandle::milliseconds(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), get(info.Env())->milliseconds);
}

void PictureHandle::dispose(const Napi::CallbackInfo&) {
  picture_.reset();
}
