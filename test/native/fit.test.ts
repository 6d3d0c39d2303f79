import { expect } from "chai";
import type { Device, NativeAddon, NativeNeed, NeedOptions } from "../../src/native/addon.js";
import { type Placing, placeModel } from "../../src/native/fit.js";
import { nativeAddon } from "../../src/native/load.js";
import { filesOf, usual } from "./support.js";

const nothing = { weights: 0, visual: 0, cache: 0, compute: 0, encoder: 0, encoding: 0 };
const gpu = (free: number): Device => ({
  ...{ name: "CUDA0", description: "", backend: "CUDA" },
  ...{ gpu: true, free },
});

/** A model of 3 GB with an encoder of 1 GB, in 33 layers of which each is as large. */
function made({ gpuLayers, imageMaxTokens }: NeedOptions): NativeNeed {
  const onGpu = (gpuLayers < 0 ? 33 : gpuLayers) / 33;
  const host = { ...nothing, weights: 3e9 * (1 - onGpu), cache: 2e8, compute: 1e8 };
  const encoding = imageMaxTokens > 0 ? 1e8 : 5e8;
  return {
    host: gpuLayers === 0 ? { ...host, encoder: 1e9, encoding } : host,
    gpu: gpuLayers === 0 ? nothing : { ...nothing, weights: 3e9 * onGpu, encoder: 1e9, encoding },
    ...{ projector: "made up", tokens: 4096, layers: 33 },
  };
}

function addonWith(devices: readonly Device[]): NativeAddon & { readonly measured: NeedOptions[] } {
  const measured: NeedOptions[] = [];
  const addon: Partial<NativeAddon> = {
    devices: () => [...devices],
    measureNeed: (options) => {
      measured.push(options);
      return Promise.resolve(made(options));
    },
  };
  return { ...(addon as NativeAddon), measured };
}

const files = filesOf("smolvlm");
const place = (free: number, onGpu = false, addon = addonWith([]), use = usual): Promise<Placing> =>
  placeModel(addon, files, use, { onGpu }, free);

async function refusal(job: Promise<unknown>): Promise<string> {
  const error = await job.then(
    () => expect.fail("expected an error"),
    (reason: unknown) => reason as { code: string; message: string },
  );
  expect(error.code).to.equal("ERR_OUT_OF_MEMORY");
  return error.message;
}

describe("whether a model fits", () => {
  it("is not measured where there is far more than its files take", async () => {
    const addon = addonWith([]);
    expect(await place(20e9, false, addon)).to.deep.equal({ gpuLayers: 0 });
    expect(addon.measured).to.deep.equal([]);
  });

  it("is told with what is needed, what is free, and what would fit", async () => {
    const message = await refusal(place(1e9));
    expect(message).to.match(/smolvlm\.gguf" needs about 4\.90 GB of memory, and 1\.00 GB are free\. /);
    expect(message).to.match(/Close other programs, or take a smaller model: tonescore models lists them\.$/);
  });

  it("names the ways out that would do, and no others", async () => {
    const smaller = [
      { name: "too-large", bytes: 9e8 },
      { name: "small", bytes: 1e6 },
      { name: "smaller", bytes: 1e5 },
    ];
    const use = { ...usual, smaller };
    expect(await refusal(placeModel(addonWith([]), files, use, { onGpu: false }, 1.4e9))).to.include(
      "What fits: --model small (1.00 MB).",
    );
    // The made-up model's files are small, and its needs are not: room for all but the need.
    const addon = {
      ...addonWith([]),
      measureNeed: () =>
        Promise.resolve({
          ...made({ ...usual, ...files, width: 1, height: 1, gpuLayers: 0 }),
          host: { ...nothing, weights: 8e8, encoder: 6e8 },
        }),
    };
    expect(await refusal(placeModel(addon, files, usual, { onGpu: false }, 1.3e9))).to.include(
      "What fits: --low-memory.",
    );
  });

  it("puts all layers on a GPU that holds them, as many as fit on one that does not, and none on one that holds none", async () => {
    expect(await place(9e9, true, addonWith([gpu(8e9)]))).to.deep.equal({ gpuLayers: -1 });
    const some = await place(9e9, true, addonWith([gpu(3e9)]));
    expect(some.gpuLayers).to.be.within(1, 32);
    expect(some.layers).to.deep.equal({ onGpu: some.gpuLayers, all: 33 });
    const two = await place(9e9, true, addonWith([gpu(3e9), gpu(1e9)]));
    expect(two.gpuLayers).to.be.above(some.gpuLayers);
    expect((await place(9e9, true, addonWith([gpu(1e9)]))).gpuLayers).to.equal(0);
  });

  it("leaves it to loading to say what is wrong with a model that cannot be measured", async () => {
    const addon = { ...addonWith([gpu(3e9)]), measureNeed: () => Promise.reject(new Error("not laid out")) };
    expect(await place(1e6, false, { ...addon, measured: [] })).to.deep.equal({ gpuLayers: 0 });
    expect(await place(1e6, true, { ...addon, measured: [] })).to.deep.equal({ gpuLayers: -1 });
    const nowhere = { model: "nowhere.gguf", mmproj: "nowhere.mmproj.gguf" };
    const placed = await placeModel(nativeAddon(), nowhere, usual, { onGpu: false }, 1e6);
    expect(placed).to.deep.equal({ gpuLayers: 0 });
  });

  it("is measured of a real model, which is not loaded when it does not fit", async () => {
    const message = await refusal(placeModel(nativeAddon(), files, usual, { onGpu: false }, 5e6));
    expect(message).to.match(/needs about \d+(\.\d+)? MB of memory, and 5\.00 MB are free/);
    await placeModel(nativeAddon(), files, usual, { onGpu: false }, 1e9);
  });
});
