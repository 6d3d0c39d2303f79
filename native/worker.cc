#include "worker.h"

#include <exception>
#include <new>
#include <optional>
#include <utility>

#include "addon_data.h"
#include "native_error.h"

struct Worker::Task {
  Napi::Promise::Deferred deferred;
  Napi::ObjectReference owner;
  Napi::FunctionReference onTaken;
  Job job;
  AbortFlag aborted;
  ToJs value;
  std::optional<NativeError> error;

  void run() {
    try {
      if (*aborted) throw NativeError("ERR_ABORTED", "The operation was aborted");
      value = job(*aborted);
    } catch (const NativeError& caught) {
      error = caught;
    } catch (const std::bad_alloc&) {
      error = NativeError("ERR_OUT_OF_MEMORY", "Not enough memory for this model and picture");
    } catch (const std::exception& caught) {
      error = NativeError("ERR_INFERENCE", caught.what());
    }
    job = nullptr;
  }
};

Worker::Worker(Napi::Env env)
    : env_(env),
      toJs_(Napi::ThreadSafeFunction::New(env, Napi::Function::New(env, [](const Napi::CallbackInfo&) {}),
                                          "tonescore", 0, 1)) {
  toJs_.Unref(env);
  thread_ = std::thread(&Worker::loop, this);
  AddonData::of(env).workers.insert(this);
  napi_add_env_cleanup_hook(env_, onCleanup, this);
}

Worker::~Worker() {
  napi_remove_env_cleanup_hook(env_, onCleanup, this);
  stop();
}

void Worker::onCleanup(void* self) {
  static_cast<Worker*>(self)->stop();
}

void Worker::stopAll(Napi::Env env) {
  auto& workers = AddonData::of(env).workers;
  while (!workers.empty()) (*workers.begin())->stop();
}

void Worker::stop() {
  if (!thread_.joinable()) return;
  AddonData::of(env_).workers.erase(this);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    if (running_) *running_ = true;
  }
  wake_.notify_one();
  thread_.join();
  // Here, not on the worker thread: tasks hold references to JavaScript values.
  queue_.clear();
  done_.clear();
  toJs_.Abort();
}

Napi::Promise Worker::run(Napi::Object owner, Job job, AbortFlag aborted, Napi::Value onTaken) {
  const Napi::Env env = owner.Env();
  const bool tells = !onTaken.IsEmpty() && onTaken.IsFunction();
  auto task = std::shared_ptr<Task>(
      new Task{Napi::Promise::Deferred::New(env), Napi::Persistent(owner),
               tells ? Napi::Persistent(onTaken.As<Napi::Function>()) : Napi::FunctionReference(),
               std::move(job), std::move(aborted), nullptr, std::nullopt});
  const Napi::Promise promise = task->deferred.Promise();
  if (unsettled_++ == 0) toJs_.Ref(env);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    queue_.push_back(std::move(task));
  }
  wake_.notify_one();
  return promise;
}

void Worker::post(std::function<void(Napi::Env)> call) {
  toJs_.NonBlockingCall([call = std::move(call)](Napi::Env env, Napi::Function) { call(env); });
}

Napi::Promise Worker::runAlone(Napi::Env env, Job job) {
  auto* const worker = new Worker(env);
  Napi::Object owner = Napi::Object::New(env);
  owner.AddFinalizer([](Napi::Env, Worker* done) { delete done; }, worker);
  return worker->run(owner, std::move(job));
}

void Worker::tellTaken() {
  // Before the call that settles it, which comes later from the same thread, the task is there.
  if (!current_->onTaken.IsEmpty()) post([task = current_](Napi::Env) { task->onTaken.Call({}); });
}

void Worker::loop() {
  for (;;) {
    std::unique_lock<std::mutex> lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    Task* const task = queue_.front().get();  // the queue owns it until it is done
    running_ = task->aborted;
    lock.unlock();

    current_ = task;
    task->run();

    lock.lock();
    running_ = nullptr;
    if (stopping_) return;
    toJs_.NonBlockingCall([this](Napi::Env env, Napi::Function) {
      std::unique_lock<std::mutex> settling(mutex_);
      const std::shared_ptr<Task> done = done_.front();
      done_.pop_front();
      settling.unlock();
      settle(env, *done);
    });
    done_.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
}

void Worker::settle(Napi::Env env, Task& task) {
  if (--unsettled_ == 0) toJs_.Unref(env);
  const Napi::HandleScope scope(env);
  if (task.error) {
    task.deferred.Reject(AddonData::of(env).makeError(env, *task.error));
  } else {
    task.deferred.Resolve(task.value(env));
  }
}
