#include "handles.h"

Napi::Function AbortSwitch::define(Napi::Env env) {
  return DefineClass(env, "AbortSwitch", {InstanceMethod<&AbortSwitch::abort>("abort")});
}

AbortSwitch::AbortSwitch(const Napi::CallbackInfo& info) : Napi::ObjectWrap<AbortSwitch>(info) {
  mark<AbortSwitch>(Value());
}

AbortFlag AbortSwitch::flagOf(const Napi::Value& value) {
  if (value.IsUndefined()) return std::make_shared<std::atomic<bool>>(false);
  return handleOf<AbortSwitch>(value, "an AbortSwitch").flag_;
}

void AbortSwitch::abort(const Napi::CallbackInfo&) {
  *flag_ = true;
}
