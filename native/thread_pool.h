#pragma once

#include "ggml-backend.h"
#include "ggml.h"

// CPU threads that stay from one graph to the next. Without a pool ggml starts and joins threads for every
// graph; after a pause the new ones begin on the core of the thread that waits for them, and two
// threads are no faster than one. Between graphs these sleep.
class ThreadPool {
 public:
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  ggml_threadpool_t get() const { return pool_; }

  // While it lives, a CPU backend that libmtmd makes on this thread computes on the pool: libmtmd has no
  // setter.
  class Scope {
   public:
    explicit Scope(const ThreadPool& pool);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
  };

 private:
  ggml_threadpool_t pool_;
};
