#include "thread_pool.h"

#ifdef __linux__
#include <sched.h>
#endif

#include "ggml-cpu.h"

namespace {

thread_local ggml_threadpool_t inScope = nullptr;

// The CPU library is chosen at run time, so its functions are looked up there.
template <typename Function>
Function* cpuFunction(const char* name) {
  ggml_backend_dev_t cpu = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
  return reinterpret_cast<Function*>(
      ggml_backend_reg_get_proc_address(ggml_backend_dev_backend_reg(cpu), name));
}

// Where there is a thread for each processor, each stays on its own. A thread that wakes is often put beside
// the one that woke it; until the kernel moves it away, or where another program keeps a processor busy, each
// spins through its time slices while the other should run, and a graph takes many times as long.
void pinToProcessors(ggml_threadpool_params& params) {
#ifdef __linux__
  cpu_set_t allowed;
  if (params.n_threads < 2 || sched_getaffinity(0, sizeof(allowed), &allowed) != 0) return;
  if (CPU_COUNT(&allowed) != params.n_threads) return;
  for (int cpu = 0; cpu < GGML_MAX_N_THREADS; cpu++) params.cpumask[cpu] = CPU_ISSET(cpu, &allowed);
  params.strict_cpu = true;
#else
  (void)params;
#endif
}

}  // namespace

ThreadPool::ThreadPool(int threads) {
  ggml_threadpool_params params = ggml_threadpool_params_default(threads);
  params.poll = 0;  // the default spins for about 100 ms after each graph
  pinToProcessors(params);
  pool_ = cpuFunction<decltype(ggml_threadpool_new)>("ggml_threadpool_new")(&params);
}

ThreadPool::~ThreadPool() {
  cpuFunction<decltype(ggml_threadpool_free)>("ggml_threadpool_free")(pool_);
}

ThreadPool::Scope::Scope(const ThreadPool& pool) {
  inScope = pool.get();
}
ThreadPool::Scope::~Scope() {
  inScope = nullptr;
}

// cmake/mtmd.cmake has libmtmd call this in place of ggml_backend_init_by_type.
extern "C" ggml_backend_t tonescoreInitBackend(enum ggml_backend_dev_type type, const char* params) {
  ggml_backend_t backend = ggml_backend_init_by_type(type, params);
  if (backend && type == GGML_BACKEND_DEVICE_TYPE_CPU && inScope) {
    cpuFunction<decltype(ggml_backend_cpu_set_threadpool)>("ggml_backend_cpu_set_threadpool")(backend,
                                                                                              inScope);
  }
  return backend;
}
