import { expect } from "chai";
import { readFileSync } from "node:fs";
import type { CudaDriver, Device, NativeAddon } from "../../src/native/addon.js";
import { prepareGpu } from "../../src/native/gpu.js";
import type { InstalledPackage } from "../../src/util/installedPackage.js";

const manifest = new URL("../../package.json", import.meta.url);
const { devDependencies } = JSON.parse(readFileSync(manifest, "utf8")) as {
  devDependencies: Record<string, string>;
};
const version = devDependencies["node-llama-cpp"] ?? "";

const device = (backend: string): Device => ({
  ...{ name: `${backend}0`, description: "", backend },
  ...{ gpu: true, free: 1e9 },
});
const h100 = { name: "NVIDIA H100", capability: 90 };

/** An addon that takes every module, each of which brings one device. */
function addonOn(driver: CudaDriver | undefined, { builtIn = [] as Device[], loads = true } = {}) {
  const devices = [...builtIn];
  const asked: string[] = [];
  const addon: Partial<NativeAddon> = {
    cudaDriver: () => driver,
    devices: () => devices,
    loadBackend: (path) => {
      asked.push(path.includes("cuda") ? "cuda" : "vulkan");
      if (loads) devices.push(device(path.includes("cuda") ? "CUDA" : "Vulkan"));
      return loads;
    },
  };
  return { addon: addon as NativeAddon, asked };
}

const installed =
  (...gpus: string[]) =>
  (name: string): InstalledPackage | undefined =>
    gpus.some((gpu) => name.endsWith(gpu)) ? { folder: "/packages", version } : undefined;

describe("what runs on a GPU", () => {
  it("falls back to the processor, with the reason, where the driver would end the process", () => {
    const { addon, asked } = addonOn({ version: 13_000, devices: [h100] });
    const use = prepareGpu(addon, "auto", installed("cuda"));
    expect(use).to.deep.include({ onGpu: false, slowStart: undefined });
    expect(use.warnings).to.have.length(1);
    expect(use.warnings[0])
      .to.match(/^cuda is not used: .*CUDA 13\.1.*NVIDIA H100 \(compute capability 9\.0\).* 13\.0\. Update/)
      .and.include("590");
    expect(asked).to.deep.equal([]);
    expect(prepareGpu(addon, "auto", installed("cuda", "vulkan"))).to.deep.include({ onGpu: true });
  });

  it("is an error where that GPU was asked for", () => {
    const { addon } = addonOn({ version: 13_000, devices: [h100] });
    expect(() => prepareGpu(addon, "cuda", installed("cuda")))
      .to.throw(/^Expected a cuda device, but .*H100.*\(590 or newer\)/)
      .with.property("code", "ERR_NATIVE_LOAD");
  });

  it("warns of nothing that is as the user wants it", () => {
    const { addon } = addonOn(undefined);
    expect(prepareGpu(addon, "auto", installed()).warnings).to.deep.equal([]);
    expect(prepareGpu(addon, "off", installed("cuda")).warnings).to.deep.equal([]);
    expect(prepareGpu(addon, "auto", installed("cuda")).warnings).to.deep.equal([
      "cuda is not used: there is no NVIDIA driver. Install it, or remove the package for CUDA.",
    ]);
    const other = (): InstalledPackage => ({ folder: "/packages", version: "1.0.0" });
    expect(prepareGpu(addon, "auto", other).warnings[0]).to.include("is version 1.0.0 and not");
  });

  it("keeps a slow start in mind for every engine of the process, and loads a module once", () => {
    const { addon, asked } = addonOn({ version: 13_010, devices: [h100] });
    for (const gpu of ["cuda", "auto"] as const) {
      const use = prepareGpu(addon, gpu, installed("cuda"));
      expect(use).to.deep.include({ onGpu: true, warnings: [] });
      expect(use.slowStart).to.include("NVIDIA H100");
    }
    expect(asked).to.deep.equal(["cuda"]);
  });

  it("does not hold what was built from source against the prebuilt module's kernels", () => {
    const old = { version: 12_000, devices: [{ name: "an old one", capability: 61 }] };
    const { addon, asked } = addonOn(old, { builtIn: [device("CUDA")] });
    expect(prepareGpu(addon, "cuda", installed("cuda"))).to.deep.equal({
      ...{ onGpu: true, warnings: [], slowStart: undefined },
    });
    expect(asked).to.deep.equal([]);
  });

  it("says what a module lacks that does not load", () => {
    const fine = { version: 13_010, devices: [{ name: "L40", capability: 89 }] };
    const { addon } = addonOn(fine, { loads: false });
    expect(() => prepareGpu(addon, "cuda", installed("cuda"))).to.throw(/does not load\. .*CUDA 13 runtime/);
    const [warning] = prepareGpu(addon, "auto", installed("vulkan")).warnings;
    expect(warning).to.match(/^vulkan is not used: .* does not load\. Install the driver\.$/);
  });
});
