#pragma once

#include <napi.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

// Set by JavaScript to end one job early; read by the worker thread.
using AbortFlag = std::shared_ptr<std::atomic<bool>>;

// One native thread with a queue of its own, so that inference never occupies libuv's pool. Jobs run in
// order; each settles the promise that run() returned, on the JavaScript thread. An idle worker does not keep
// the process alive.
class Worker {
 public:
  using ToJs = std::function<Napi::Value(Napi::Env)>;
  // Runs on the worker thread; what it returns runs on the JavaScript thread and makes the promise's value.
  using Job = std::function<ToJs(const std::atomic<bool>& aborted)>;

  explicit Worker(Napi::Env env);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // `owner` is the JavaScript object that owns this worker; it is kept until the promise is settled, as is
  // `onTaken`, which the job has called by tellTaken(), if at all.
  Napi::Promise run(Napi::Object owner, Job job,
                    AbortFlag aborted = std::make_shared<std::atomic<bool>>(false), Napi::Value onTaken = {});

  // A job on a thread of its own, which goes when the promise is settled.
  static Napi::Promise runAlone(Napi::Env env, Job job);

  // From within a job: what it was given to read is not needed any more.
  void tellTaken();

  // Aborts what runs, drops what waits, joins the thread. Idempotent; JavaScript thread only.
  void stop();

  // Stops every worker of this environment.
  static void stopAll(Napi::Env env);

  // Calls `call` on the JavaScript thread soon, from any thread; for progress.
  void post(std::function<void(Napi::Env)> call);

 private:
  struct Task;
  void loop();
  void settle(Napi::Env env, Task& task);
  static void onCleanup(void* self);

  napi_env env_;
  Napi::ThreadSafeFunction toJs_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Task>> queue_;
  std::deque<std::shared_ptr<Task>> done_;  // wait for the JavaScript thread
  Task* current_ = nullptr;                 // worker thread only
  AbortFlag running_;
  bool stopping_ = false;
  size_t unsettled_ = 0;  // JavaScript thread only
  std::thread thread_;
};
