// Compiled in the place of ggml's file of this name: its matrix products, but for those that are faster here.
#define llamafile_sgemm ggmlSgemm
#include "ggml-cpu/llamafile/sgemm.cpp"
#undef llamafile_sgemm

#include "q8_0.h"

extern "C" bool llamafile_sgemm(const ggml_compute_params* params, int64_t m, int64_t n, int64_t k,
                                const void* a, int64_t lda, const void* b, int64_t ldb, void* c, int64_t ldc,
                                int typeOfA, int typeOfB, int typeOfC) {
  if (typeOfA == GGML_TYPE_Q8_0 && typeOfB == GGML_TYPE_Q8_0 && typeOfC == GGML_TYPE_F32 &&
      multiplyQ8(m, n, k, a, lda, b, ldb, static_cast<float*>(c), ldc, params->ith, params->nth)) {
    return true;
  }
  return ggmlSgemm(params, m, n, k, a, lda, b, ldb, c, ldc, typeOfA, typeOfB, typeOfC);
}
