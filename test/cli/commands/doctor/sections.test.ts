import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { ffmpeg, ffmpegFacts } from "../../../../src/cli/commands/doctor/sections/ffmpeg.js";
import { addon } from "../../../../src/cli/commands/doctor/sections/addon.js";
import { drivers, gpus } from "../../../../src/cli/commands/doctor/sections/gpus.js";
import { memory } from "../../../../src/cli/commands/doctor/sections/memory.js";
import { model } from "../../../../src/cli/commands/doctor/sections/model.js";
import { pictures } from "../../../../src/cli/commands/doctor/sections/pictures.js";
import {
  flagsIn,
  kernelsOf,
  levelOf,
  processor,
  quotaOf,
} from "../../../../src/cli/commands/doctor/sections/processor.js";
import { EXPECTED, score } from "../../../../src/cli/commands/doctor/sections/score.js";
import { system } from "../../../../src/cli/commands/doctor/sections/system.js";
import type { Finding } from "../../../../src/cli/commands/doctor/section.js";
import { bundledModel } from "../../../../src/models/bundled.js";
import { script } from "../../../media/helpers.js";

function only(findings: readonly Finding[]): Finding {
  expect(findings).to.have.length(1);
  return findings[0] ?? { level: "note", text: "" };
}

describe("cli: what doctor looks at", () => {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "tonescore-doctor-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const at = (...path: string[]): string => join(folder, ...path);

  it("the system: a musl one has no glibc", () => {
    const facts = {
      ...{
        tonescore: "1.2.3",
        folder: "/app",
        clone: false,
        node: "v22.1.0",
        platform: "linux",
        arch: "arm64",
      },
      ...{ kernel: "6.1", distribution: "Alpine Linux", glibc: undefined },
    };
    expect(system(facts).summary).to.deep.equal([
      "tonescore 1.2.3, a package in /app",
      "Node 22.1.0 on Alpine Linux, arm64, no glibc (musl?), kernel 6.1",
    ]);
    expect(system().summary.join()).to.include(`Node ${process.versions.node}`);
  });

  it("the processor: its level, the kernels that run on it, a container's share of it", () => {
    const two = "cx16 popcnt sse4_1 sse4_2 ssse3";
    const three = `${two} avx avx2 bmi1 bmi2 f16c fma movbe`;
    const four = `${three} avx512f avx512bw avx512cd avx512dq avx512vl`;
    const judged = (flags: string) => {
      const found = flagsIn(`processor\t: 0\nflags\t\t: fpu ${flags}\nbugs\t\t:\n`);
      return [levelOf(found), kernelsOf(found)];
    };
    expect(judged("")).to.deep.equal([1, "baseline"]);
    expect(judged(two)).to.deep.equal([2, "baseline"]);
    expect(judged(three)).to.deep.equal([3, "avx2"]);
    expect(judged(four)).to.deep.equal([4, "avx512"]);
    expect(levelOf(flagsIn("Features : fp asimd"))).to.equal(undefined);
    expect([quotaOf("max 100000\n"), quotaOf("150000 100000\n"), quotaOf("")]).to.deep.equal([
      undefined,
      1.5,
      undefined,
    ]);
    const facts = { model: "X", processors: 8, usable: 8, quota: 1.5, level: 3, kernels: "avx2" } as const;
    const shared = processor(facts);
    expect(shared.summary).to.deep.equal([
      "X, 8 processors, a container's limit of 1.5, x86-64-v3, our kernels for avx2",
    ]);
    expect(only(shared.findings)).to.include({ level: "note", mend: "tonescore --threads 2 …" });
    expect(processor({ ...facts, quota: undefined, usable: 2 }).summary[0]).to.include("2 of 8 processors");
    expect(processor().findings.every(({ level }) => level === "note")).to.equal(true);
  });

  it("memory: what is left of it, and limits", () => {
    const facts = { total: 8e9, available: 4e9, limit: undefined, addressSpace: undefined };
    expect(memory(facts))
      .to.include({ facts })
      .and.deep.include({ summary: ["4.00 GB of 8.00 GB available"], findings: [] });
    const short = memory({ total: 8e9, available: 1e8, limit: 2e8, addressSpace: 5e8 });
    expect(short.summary[0]).to.include("a container's limit of 200 MB").and.include("500 MB (ulimit -v)");
    expect(only(short.findings)).to.have.property("level", "note");
    expect(memory().summary[0]).to.match(/^[\d.]+ [GM]B of [\d.]+ [GM]B available/);
  });

  it("the addon: its module and where it lies; or why it does not load, and what mends it", () => {
    const libraries = ["/app/tonescore.node", "/app/libggml-cpu-haswell.so", "/app/libggml-base.so"];
    const there = addon({ facts: { llamaCpp: "v0.5.0", libraries, devices: [] } });
    expect(there.summary).to.deep.equal(["llama.cpp v0.5.0, its module for haswell", "/app/tonescore.node"]);
    expect(there.findings).to.deep.equal([]);
    const error = "could not be loaded.\nTried: x: file too short\nWhat to do:\n  - npm install y\n  - or z";
    expect(only(addon({ error }).findings)).to.deep.equal({
      level: "fatal",
      text: "could not be loaded. Tried: x: file too short",
      mend: "npm install y\nor z",
    });
    expect(only(addon({ error: "Cannot find module" }).findings)).to.include({
      level: "fatal",
      text: "Cannot find module",
    });
    const crashed = only(addon({ crash: "SIGILL" }).findings);
    expect(crashed).to.include({ level: "fatal", text: "the addon ends the process that loads it: SIGILL" });
    expect(crashed.mend).to.include("npm");
  });

  it("GPUs: a driver that crashes is a finding, a package is missed only where there is a GPU", () => {
    const none = { nvidia: undefined, vulkan: [], nodes: [] };
    const uninstalled = { but: "its package is not installed", remedy: "Run: npm install x" };
    const missing = {
      facts: { devices: [], problem: { ...uninstalled, meant: true as const } },
    };
    expect(gpus([], { cuda: missing, vulkan: missing }, none)).to.deep.include({
      summary: ["none is used: scoring runs on the processor"],
      findings: [],
    });
    const nvidia = { ...none, nvidia: "550.54.14" };
    expect(only(gpus([], { cuda: missing, vulkan: missing }, nvidia).findings)).to.deep.equal({
      level: "note",
      text: "cuda is not used: its package is not installed",
      mend: "npm install x",
    });
    const crashed = gpus([], { vulkan: { crash: "SIGSEGV" } }, none);
    expect(only(crashed.findings)).to.include({
      level: "problem",
      text: "vulkan ends the process that tries it: SIGSEGV",
    });
    expect(only(crashed.findings).mend).to.include("--gpu off");
    const device = { name: "Vulkan0", description: "llvmpipe", backend: "Vulkan", gpu: true, free: 1e9 };
    const idle = gpus([], { vulkan: { facts: { devices: [] } } }, none);
    expect(only(idle.findings).text).to.equal("vulkan is installed, but ggml sees no GPU through it");
    const used = gpus([], { vulkan: { facts: { devices: [device] } } }, none);
    expect(used.summary).to.deep.equal(["Vulkan: llvmpipe"]);
    expect(gpus([], { cuda: { error: "no addon" } }, nvidia).findings).to.deep.equal([]);
  });

  it("GPUs: a package that is installed and cannot be used is told of, driver or none; a slow start too", () => {
    const none = { nvidia: undefined, vulkan: [], nodes: [] };
    const problem = { but: "there is no NVIDIA driver", remedy: "Install it." };
    const unused = gpus([], { cuda: { facts: { devices: [], problem } } }, none);
    expect(unused.summary).to.deep.equal(["none is used: scoring runs on the processor"]);
    expect(only(unused.findings)).to.deep.equal({
      level: "problem",
      text: "cuda is not used: there is no NVIDIA driver",
      mend: "Install it.",
    });
    const device = { name: "CUDA0", description: "NVIDIA H100", backend: "CUDA", gpu: true, free: 1e9 };
    const slow = gpus([], { cuda: { facts: { devices: [device], slowStart: "it compiles" } } }, none);
    expect(only(slow.findings)).to.deep.equal({ level: "note", text: "it compiles" });
    const builtIn = gpus([device], { cuda: { facts: { devices: [device] } } }, none);
    expect(builtIn).to.deep.include({ summary: ["CUDA: NVIDIA H100"], findings: [] });
  });

  it("GPUs: what the system has drivers for", () => {
    expect(drivers(folder)).to.deep.equal({ nvidia: undefined, vulkan: [], nodes: [] });
    for (const part of ["proc/driver/nvidia", "usr/share/vulkan/icd.d", "dev/dri/by-path"])
      mkdirSync(at(part), { recursive: true });
    writeFileSync(
      at("proc/driver/nvidia/version"),
      "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu Feb 22 01:44:30 UTC 2024\nGCC version: gcc 12",
    );
    writeFileSync(at("usr/share/vulkan/icd.d/lvp_icd.x86_64.json"), "{}");
    writeFileSync(at("dev/dri/renderD128"), "");
    const found = drivers(folder);
    expect(found).to.deep.equal({
      nvidia: "550.54.14",
      vulkan: ["lvp_icd.x86_64.json"],
      nodes: ["renderD128"],
    });
    expect(gpus([], {}, found).summary[1]).to.equal(
      "the system has NVIDIA driver 550.54.14, Vulkan drivers lvp, /dev/dri/renderD128",
    );
  });

  it("ffmpeg: which, from where, and what it decodes", async () => {
    const real = ffmpeg(await ffmpegFacts(undefined));
    expect(real.summary[1]).to.include("H.264").and.include("VP9");
    expect(real.facts).to.include.keys("path", "from", "version", "decodes", "lacks", "missingFilters");
  });

  it("ffmpeg: one that lacks decoders and filters, and none", async () => {
    const listed =
      'case "$4" in -decoders) printf " V..... h264   H.264\\n V....D av1   AV1\\n";; *) printf " ... scale V->V Scale\\n";; esac';
    await script(at("ffmpeg"), `[ "$2" = -version ] && echo "ffmpeg version n8.0" && exit\n${listed}`);
    const poor = ffmpeg(await ffmpegFacts(at("ffmpeg")));
    expect(poor.summary).to.deep.equal([`n8.0, ${at("ffmpeg")} (by the ffmpeg option)`, "decodes H.264"]);
    const [decoders, filters] = poor.findings;
    expect(decoders)
      .to.include({ level: "problem" })
      .and.property("text")
      .to.include("AV1")
      .and.include("H.265");
    expect(decoders?.mend).to.include("FFMPEG_PATH");
    expect(filters?.text)
      .to.include("zscale")
      .and.not.match(/\bscale/);
    const none = only(ffmpeg(await ffmpegFacts(at("nowhere"))).findings);
    expect(none.level).to.equal("problem");
    expect(none.text).to.include("nowhere").and.not.include("apt install");
    expect(none.mend).to.include("apt install ffmpeg");
  });

  it("pictures: sharp, and what decodes HEIC", () => {
    const sharp = { facts: { versions: { sharp: "0.35.5", vips: "8.18.7" } } };
    const libheif = { version: "1.23.2", folder: "/app" };
    expect(pictures(sharp, "5.1.9", libheif)).to.deep.include({
      summary: ["sharp 0.35.5, libvips 8.18.7; HEIC by libheif-js 1.23.2"],
      findings: [],
    });
    const without = (version: string | undefined) => {
      const { summary, findings } = pictures(sharp, version, undefined);
      return [summary[0]?.split("HEIC by ")[1], findings.length];
    };
    expect(without(undefined)).to.deep.equal(["nothing", 1]);
    expect(without("5.1.9-0+deb12u1")).to.deep.equal(["nothing", 1]);
    expect(without("7.1.2")).to.deep.equal(["ffmpeg 7.1.2, tiled ones not", 1]);
    expect(without("n8.0")).to.deep.equal(["ffmpeg n8.0", 0]);
    expect(only(pictures(sharp, "5.1", undefined).findings).mend).to.include("npm install libheif-js");
    expect(only(pictures({ error: "Could not load\nmore" }, "8.0", libheif).findings)).to.include({
      level: "fatal",
      text: "sharp, which decodes pictures, does not load: Could not load",
    });
    expect(only(pictures({ crash: "SIGILL" }, "8.0", libheif).findings).text).to.include("SIGILL");
  });

  it("the model: as it was published; cut short, changed, gone, or without a catalogue", async () => {
    cpSync(dirname(bundledModel.model), folder, { recursive: true });
    expect((await model(folder)).findings).to.deep.equal([]);
    const file = at("tonescore-3.gguf");
    truncateSync(file, 1000);
    expect(only((await model(folder)).findings)).to.include({
      level: "fatal",
      text: "tonescore-3.gguf has 1000 bytes and not 2030144",
    });
    writeFileSync(file, new Uint8Array(2_030_144));
    expect(only((await model(folder)).findings).text).to.include("another SHA-256");
    rmSync(file);
    const gone = only((await model(folder)).findings);
    expect(gone.text).to.include("cannot be read: ENOENT");
    expect(gone.mend).to.equal("git checkout -- models");
    copyFileSync(bundledModel.model, at("catalogue.json"));
    expect(only((await model(folder)).findings).text).to.include("catalogue cannot be read");
  });

  it("a score: right, wrong, failed or crashed", () => {
    const facts = {
      score: EXPECTED,
      backend: "CPU",
      threads: 2,
      loading: 100.4,
      scoring: 30,
      peakMemory: 1.2e8,
    };
    expect(score({ facts })).to.deep.include({
      summary: [
        `${EXPECTED.toFixed(3)} for a picture made here, on CPU with 2 threads`,
        "100 ms to load, 30 ms to score, 120 MB of memory at most",
      ],
      findings: [],
    });
    expect(only(score({ facts: { ...facts, score: EXPECTED - 0.02 } }).findings)).to.include({
      level: "fatal",
    });
    expect(only(score({ facts: { ...facts, score: NaN } }).findings)).to.include({ level: "fatal" });
    expect(only(score({ error: "no model" }).findings)).to.include({
      level: "fatal",
      text: "scoring fails: no model",
    });
    const crash = "SIGSEGV";
    const mend = (withoutGpu: Parameters<typeof score>[1]) =>
      only(score({ crash }, withoutGpu).findings).mend;
    expect(mend({ facts })).to.equal("tonescore --gpu off …, with which it scores");
    expect(mend({ facts: { ...facts, score: 0 } })).to.match(/^please report it/);
    expect(mend({ crash })).to.include("without a GPU too").and.include("report it");
  });
});
