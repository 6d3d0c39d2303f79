/** Where the model runs: `auto` takes a GPU where its package is installed, `off` never does. */
export type Gpu = "auto" | "off" | "cuda" | "vulkan" | "metal";
export const gpuNames: readonly Gpu[] = ["auto", "off", "cuda", "vulkan", "metal"];
