import { expect } from "chai";
import { judgeCuda } from "../../src/native/cuda.js";
import type { CudaDriver } from "../../src/native/addon.js";

const [H100, A100, L40, RTX5090, B200, PASCAL] = [
  { name: "NVIDIA H100", capability: 90 },
  { name: "NVIDIA A100", capability: 80 },
  { name: "NVIDIA L40", capability: 89 },
  { name: "NVIDIA RTX 5090", capability: 120 },
  { name: "NVIDIA B200", capability: 100 },
  { name: "NVIDIA GTX 1080", capability: 61 },
];

/** What is said of GPUs with a driver for a CUDA such as 13010. */
function said(version: number, devices: CudaDriver["devices"], visible?: string): string {
  const loading = judgeCuda({ version, devices }, visible);
  if (!("problem" in loading)) return loading.slowStart ?? "fine";
  return `${loading.problem.but}. ${loading.problem.remedy ?? ""}`;
}

describe("the prebuilt CUDA module", () => {
  it("runs its machine code on any driver of CUDA 13", () => {
    for (const gpu of [L40, RTX5090, { name: "Orin", capability: 87 }])
      expect(said(13_000, [gpu]), gpu.name).to.equal("fine");
  });

  it("is not loaded for a GPU that the driver would have to compile for, and is too old to", () => {
    expect(said(13_000, [H100])).to.equal(
      "the module needs a driver for CUDA 13.1 on the NVIDIA H100 (compute capability 9.0), and this one is for 13.0. " +
        "Update NVIDIA's driver (590 or newer), or build for this GPU: npm run build:native -- --from-source --cuda",
    );
    for (const gpu of [A100, B200, { name: "T4", capability: 75 }, { name: "a later one", capability: 122 }])
      expect(said(13_000, [gpu]), gpu.name).to.include("CUDA 13.1");
  });

  it("says that the first start is slow where the driver can", () => {
    expect(said(13_010, [H100, H100, L40])).to.match(/^for the NVIDIA H100 the driver compiles the kernels/);
    expect(said(14_000, [B200])).to.include("compiles");
  });

  it("needs CUDA 13 of every driver, and a GPU that it has kernels for", () => {
    expect(said(12_080, [L40])).to.include(
      "CUDA 13.0 on the NVIDIA L40 (compute capability 8.9), and this one is for 12.8",
    );
    expect(said(12_080, [L40])).to.include("580 or newer");
    expect(said(0, [L40])).to.include("is for 0.0");
    expect(said(13_010, [PASCAL])).to.match(
      /GTX 1080 \(compute capability 6.1\) is older than .* \(7.5\)\. .*Vulkan/,
    );
  });

  it("is not loaded where one GPU of several would end the process; that one can be left out", () => {
    const text = said(13_000, [L40, H100]);
    expect(text).to.include("on the NVIDIA H100").and.include("CUDA_VISIBLE_DEVICES").and.include("590");
    expect(said(13_000, [A100, H100])).to.not.include("CUDA_VISIBLE_DEVICES");
  });

  it("is not loaded without a driver, or with one that answers with an error or shows no GPU", () => {
    expect(judgeCuda(undefined)).to.deep.equal({
      problem: { but: "there is no NVIDIA driver", remedy: "Install it, or remove the package for CUDA." },
    });
    const broken = { version: 13_010, devices: [], error: "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH" };
    expect(judgeCuda(broken, "")).to.deep.equal({
      problem: {
        but: "NVIDIA's driver answers CUDA_ERROR_SYSTEM_DRIVER_MISMATCH",
        remedy: "See what nvidia-smi says.",
      },
    });
    const empty = { version: 13_010, devices: [], error: "CUDA_ERROR_NO_DEVICE" };
    expect(judgeCuda(empty)).to.not.have.nested.property("problem.meant");
    expect(judgeCuda(empty, "-1")).to.deep.equal({
      problem: { but: 'NVIDIA\'s driver shows no GPU where CUDA_VISIBLE_DEVICES is "-1"', meant: true },
    });
    expect(said(13_010, [])).to.include("shows no GPU");
  });
});
