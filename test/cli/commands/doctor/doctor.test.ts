import { expect } from "chai";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { examineAll } from "../../../../src/cli/commands/doctor/doctor.js";
import { examinations } from "../../../../src/cli/commands/doctor/examinations.js";
import type { tryOut } from "../../../../src/cli/commands/doctor/probe.js";
import type { Examination, Finding } from "../../../../src/cli/commands/doctor/section.js";
import { homeFolder, withoutHome } from "../../../../src/cli/commands/doctor/withoutHome.js";
import { cli, fakeIo, FakeStream } from "../../fakes.js";

const parent = dirname(dirname(fileURLToPath(new URL("../../../../package.json", import.meta.url))));

interface Document {
  readonly type: string;
  readonly version: number;
  readonly canScore: boolean;
  readonly sections: Readonly<
    Record<string, { readonly findings: readonly Finding[] } & Record<string, unknown>>
  >;
}

const part = (name: string, ...findings: Finding[]): Examination => ({
  name,
  examine: () => ({ summary: [`all about ${name}`, "and more"], facts: { number: 7 }, findings }),
});

async function doctor(parts: readonly Examination[], json = false, stdout = new FakeStream()) {
  const io = fakeIo(stdout);
  const code = await examineAll(parts, { json }, io);
  return { code, out: io.stdout.text };
}

describe("cli: doctor", () => {
  it("tells of this machine, and scores a picture as it should be", async () => {
    const { code, out, err } = await cli(["doctor"]);
    expect(code, out).to.equal(0);
    expect(err).to.equal("");
    const names = ["system", "processor", "memory", "addon", "GPU", "ffmpeg", "pictures", "model", "score"];
    for (const name of names) expect(out).to.match(new RegExp(`^[✓·!] ${name} `, "m"));
    expect(out)
      .to.match(/0\.84\d for a picture made here, on \w+/)
      .and.include("llama.cpp v0.5.0");
  });

  it("gives one object for programs, with the home folder as ~", async () => {
    const home = process.env.HOME;
    process.env.HOME = parent;
    const { code, out } = await cli(["doctor", "--json"]).finally(() => {
      process.env.HOME = home;
    });
    expect(code).to.equal(0);
    const document = JSON.parse(out) as Document;
    expect(document).to.include({ type: "doctor", version: 1, canScore: true });
    expect(document.sections.system).to.include({ node: process.version, arch: process.arch });
    expect(document.sections.score?.expected).to.be.closeTo(document.sections.score?.score as number, 0.01);
    expect(out).to.include('"~/').and.not.include(`"${parent}`);
  });

  it("takes no inputs", async () => {
    const { code, err } = await cli(["doctor", "photo.jpg"]);
    expect(code).to.equal(2);
    expect(err).to.include("too many arguments");
  });

  it("goes on where one part cannot be looked at, and puts the worst first", async () => {
    const broken: Examination = {
      name: "broken",
      examine: () => {
        throw new Error("no such file");
      },
    };
    const note: Finding = { level: "note", text: "it is old", mend: "npm update" };
    const { code, out } = await doctor([part("first", note), broken, part("last")]);
    expect(code).to.equal(0);
    expect(out).to.equal(
      [
        "· first      all about first",
        "             and more",
        "! broken     could not be looked at",
        "✓ last       all about last",
        "             and more",
        "",
        "broken: broken could not be looked at: no such file",
        "",
        "first: it is old",
        "  → npm update",
        "",
        "Pictures can be scored.",
        "",
      ].join("\n"),
    );
  });

  it("exits with 1 where no right score can be had", async () => {
    const fatal: Finding = { level: "fatal", text: "it is gone\nfor good", mend: "one\ntwo" };
    const { code, out } = await doctor([part("addon", fatal)]);
    expect(code).to.equal(1);
    expect(out)
      .to.include("✗ addon")
      .and.include("addon: it is gone\n  for good\n  → one\n    two\n")
      .and.include("cannot be scored");
    const asJson = await doctor([part("addon", fatal)], true);
    expect(asJson.code).to.equal(1);
    const { canScore, sections } = JSON.parse(asJson.out) as Document;
    expect(canScore).to.equal(false);
    expect(sections.addon).to.deep.equal({ number: 7, findings: [fatal] });
  });

  it("lets nothing that it found act on a terminal", async () => {
    const stdout = new FakeStream(80, true);
    const text = "\x1b[2Jdevice";
    const { out } = await doctor([part("GPU", { level: "problem", text, mend: text })], false, stdout);
    expect(out).to.include("?[2Jdevice").and.not.include("\x1b[2J");
    expect(out).to.include("\x1b[33mGPU\x1b[39m");
  });

  it("tries nothing further with an addon, or a sharp, that does not work", async () => {
    for (const missing of ["addon", "sharp"]) {
      const asked: string[] = [];
      const ask = ((probe: string) => {
        asked.push(probe);
        if (probe === missing) return Promise.resolve({ crash: "SIGILL" });
        if (probe === "addon")
          return Promise.resolve({ facts: { llamaCpp: "v", libraries: [], devices: [] } });
        return Promise.resolve({ facts: { devices: [], versions: {} } });
      }) as typeof tryOut;
      const { code, out } = await doctor(examinations({}, ask));
      expect(code).to.equal(1);
      expect(out).to.include(
        `– score      not tried: ${missing === "addon" ? "the addon" : "sharp"} does not work`,
      );
      expect(asked).to.include(missing).and.not.include("score");
      expect(asked.includes("vulkan")).to.equal(missing === "sharp" && process.platform !== "darwin");
    }
  });

  it("writes the home folder, and nothing like it, as ~", () => {
    const value = {
      a: ["/home/kim/x", "/home/kimberly/x", "at /home/kim", 3, null],
      b: { c: "(/home/kim/y, /home/kim)" },
    };
    expect(withoutHome(value, "/home/kim")).to.deep.equal({
      a: ["~/x", "/home/kimberly/x", "at ~", 3, null],
      b: { c: "(~/y, ~)" },
    });
    expect(withoutHome("C:\\Users\\Kim\\x", "C:\\Users\\Kim")).to.equal("~\\x");
    expect(withoutHome("/x", undefined)).to.equal("/x");
    const home = process.env.HOME;
    process.env.HOME = "/";
    expect(homeFolder()).to.equal(undefined);
    process.env.HOME = home;
  });
});
