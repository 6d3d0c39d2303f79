import { nativeAddon } from "./load.js";

/**
 * Gives an array's memory back at once: the garbage collector lets pictures pile up, since to it each is one small
 * object. The array is empty from then on, and no other thread may be at work on it.
 */
export function freeMemory(array: Uint8Array): void {
  if (array.byteLength === array.buffer.byteLength) nativeAddon().free(array);
}
