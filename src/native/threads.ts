/** As ggml has it (GGML_MAX_N_THREADS), which ends the process at more. */
export const MAX_THREADS = 512;
