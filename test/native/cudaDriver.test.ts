import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));

/** Answers what the environment says. */
const fakeDriver = `
  #include <cstdlib>
  #include <cstring>
  static int number(const char* name) { const char* text = getenv(name); return text ? atoi(text) : 0; }
  extern "C" {
  int cuInit(unsigned) { return number("FAKE_INIT"); }
  int cuDriverGetVersion(int* version) { *version = number("FAKE_VERSION"); return 0; }
  int cuGetErrorName(int error, const char** name) { *name = "CUDA_ERROR_NO_DEVICE"; return error == 100 ? 0 : 1; }
  int cuDeviceGetCount(int* count) { *count = number("FAKE_COUNT"); return 0; }
  int cuDeviceGet(int* device, int ordinal) { *device = 7 + ordinal; return 0; }
  int cuDeviceGetAttribute(int* value, int attribute, int device) {
    if (number("FAKE_LOST") == device) return 999;
    *value = attribute == 75 ? 2 + device : attribute == 76 ? device - 7 : -1;
    return 0;
  }
  int cuDeviceGetName(char* name, int length, int) { strncpy(name, "Fake GPU", length); return 0; }
  }`;

const ask = `
  const { nativeAddon } = await import(process.argv[1] + "src/native/load.ts");
  console.log(JSON.stringify(nativeAddon().cudaDriver() ?? "none"));`;

describe("what NVIDIA's driver is asked", () => {
  if (process.platform !== "linux") return;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tonescore-cuda-"));
    const source = join(folder, "driver.cc");
    await writeFile(source, fakeDriver);
    const compiler = process.env.CXX ?? "c++";
    await run(compiler, ["-shared", "-fPIC", "-o", join(folder, "libcuda.so.1"), source]);
  });

  after(() => rm(folder, { recursive: true }));

  async function answer(env: Record<string, string>, libraries = folder): Promise<unknown> {
    const tsx = join(root, "node_modules", "tsx", "dist", "loader.mjs");
    const args = ["--import", tsx, "--input-type=module", "--eval", ask, root];
    const options = { env: { ...process.env, LD_LIBRARY_PATH: libraries, ...env } };
    const { stdout } = await run(process.execPath, args, options);
    return JSON.parse(stdout);
  }

  it("tells its version, and each GPU with its capability", async () => {
    expect(await answer({ FAKE_VERSION: "13010", FAKE_COUNT: "2" })).to.deep.equal({
      version: 13010,
      devices: [
        { name: "Fake GPU", capability: 90 },
        { name: "Fake GPU", capability: 101 },
      ],
    });
  });

  it("passes its errors on, by name where it has one", async () => {
    expect(await answer({ FAKE_VERSION: "13000", FAKE_INIT: "100" })).to.deep.equal({
      ...{ version: 13000, devices: [], error: "CUDA_ERROR_NO_DEVICE" },
    });
    expect(await answer({ FAKE_COUNT: "2", FAKE_LOST: "8" })).to.deep.equal({
      ...{ version: 0, devices: [{ name: "Fake GPU", capability: 90 }], error: "error 999" },
    });
  });

  it("is no driver where its library lacks what is asked", async () => {
    const empty = await mkdtemp(join(folder, "empty-"));
    const source = join(empty, "empty.cc");
    await writeFile(source, "int nothing;");
    await run(process.env.CXX ?? "c++", ["-shared", "-fPIC", "-o", join(empty, "libcuda.so.1"), source]);
    expect(await answer({}, empty)).to.equal("none");
  });
});
