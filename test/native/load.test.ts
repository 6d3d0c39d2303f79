import { expect } from "chai";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { loadAddon, nativeAddon } from "../../src/native/load.js";
import { prepareGpu } from "../../src/native/gpu.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What a dataset of a stranger may hold: a library that runs its code when something loads it. */
async function plantGpuPackages(folder: string): Promise<void> {
  const { devDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  for (const gpu of ["cuda", "vulkan"]) {
    const platform = `${process.platform}-${process.arch}-${gpu}`;
    const planted = join(folder, "node_modules", "@node-llama-cpp", platform);
    await mkdir(join(planted, "bins", platform), { recursive: true });
    await writeFile(
      join(planted, "package.json"),
      JSON.stringify({ version: devDependencies["node-llama-cpp"] }),
    );
    const files = await readdir(join(root, "build", "Release"));
    const library = files.find((file) => /^(lib)?ggml-cpu.*\.(so|dll|dylib)$/.test(file)) ?? "";
    const name = process.platform === "win32" ? `ggml-${gpu}.dll` : `libggml-${gpu}.so`;
    await copyFile(join(root, "build", "Release", library), join(planted, "bins", platform, name));
  }
}

const loadThere = `
  const { nativeAddon } = await import(process.argv[1] + "src/native/load.ts");
  const { prepareGpu } = await import(process.argv[1] + "src/native/gpu.ts");
  prepareGpu(nativeAddon(), "auto");
  console.log(process.report.getReport().sharedObjects.join("\\n"));`;

describe("loading the addon", () => {
  it("finds a CPU to run on", () => {
    expect(nativeAddon().llamaCpp).to.equal("v0.5.0");
    expect(nativeAddon().devices()).to.deep.include.members([
      { ...nativeAddon().devices()[0], name: "CPU", gpu: false },
    ]);
  });

  it("says what was tried and what to do when there is none, or it does not load", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tonescore-load-"));
    const broken = join(folder, "tonescore.node");
    expect(() => loadAddon(broken)).to.throw(/which is not there[\s\S]*npm run build:native/);
    await writeFile(broken, "not a library");
    expect(() => loadAddon(broken))
      .to.throw(
        /tonescore\.node: .*(invalid ELF header|file too short|not a mach-o|not a valid)[\s\S]*What to do/i,
      )
      .with.property("code", "ERR_NATIVE_LOAD");
    await rm(folder, { recursive: true });
  });

  it("runs on the CPU where no GPU package is installed, and says how to install one where it was asked for", () => {
    expect(prepareGpu(nativeAddon(), "off").onGpu).to.equal(false);
    expect(() => prepareGpu(nativeAddon(), "cuda")).to.throw(/npm install .*-cuda@\d+\.\d+\.\d+/);
  });

  it("loads nothing that lies in the working directory", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tonescore-planted-"));
    await plantGpuPackages(folder);
    const tsx = join(root, "node_modules", "tsx", "dist", "loader.mjs");
    const args = ["--import", tsx, "--input-type=module", "--eval", loadThere, root];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    expect(stdout).to.contain("tonescore.node").and.not.contain(folder);
    await rm(folder, { recursive: true });
  });

  it("has no library that looks for others in the working directory", async () => {
    const folder = join(root, "build", "Release");
    const libraries = (await readdir(folder)).filter((file) => /\.(so|node)$/.test(file));
    expect(libraries).to.not.be.empty;
    for (const file of libraries) {
      const bytes = await readFile(join(folder, file));
      expect(bytes.includes("$ORIGIN:\0"), file).to.equal(false);
    }
  });
});
