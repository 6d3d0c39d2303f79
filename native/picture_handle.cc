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

PictureHandle::PictureHandle(const Napi::CallbackInfo& info) : Napi::ObjectWrap<PictureHandle>(info) {
  mark<PictureHandle>(Value());
}

Napi::Object PictureHandle::make(Napi::Env env, PicturePtr picture, std::weak_ptr<const Model> model) {
  const Napi::Object object = AddonData::of(env).pictureClass.New({});
  Unwrap(object)->picture_ = std::move(picture);
  Unwrap(object)->model_ = std::move(model);
  return object;
}

PicturePtr PictureHandle::get(Napi::Env env, const std::weak_ptr<const Model>& model) const {
  if (model_.owner_before(model) || model.owner_before(model_))
    throw argumentError(env, "a picture of this session's model", "one of another's");
  return get(env);
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
