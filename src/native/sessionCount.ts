/**
 * The graphs of a smaller model are too small for several threads to share well: many pictures go through faster on as
 * many sessions of one thread each (bench/sessions.ts). The bits are the same.
 */
const SMALL_MODEL_BYTES = 64e6;

/** How many sessions a model has at most, side by side. @param bytes of the language model's weights */
export const sessionCount = (
  bytes: number,
  {
    onGpu,
    threads,
    lowMemory,
  }: { readonly onGpu: boolean; readonly threads: number; readonly lowMemory: boolean },
): number => (!onGpu && !lowMemory && bytes < SMALL_MODEL_BYTES ? threads : 1);
