import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { type Outcome, tryOut } from "../../../../src/cli/commands/doctor/probe.js";
import type { GpuFacts } from "../../../../src/cli/commands/doctor/probeProgram.js";

describe("cli: doctor's probes", () => {
  let folder = "";
  before(() => (folder = mkdtempSync(join(tmpdir(), "tonescore-probe-"))));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** A program that stands in for one in which a driver is loaded. */
  function standIn(code: string, patience = 60_000): Promise<Outcome<GpuFacts>> {
    const file = join(folder, "standIn.mjs");
    writeFileSync(file, code);
    return tryOut("vulkan", { program: pathToFileURL(file), patience });
  }

  it("give what the program found", async () => {
    const facts = { devices: [], problem: { but: "it is tried as vulkan" } };
    const found = "process.argv[2]";
    const code = `process.send({ facts: { devices: [], problem: { but: "it is tried as " + ${found} } } }); process.disconnect();`;
    expect(await standIn(code)).to.deep.equal({ facts });
  });

  it("say how a process ended that a driver took down, and outlive it", async () => {
    const crash = async (code: string): Promise<string> => {
      const outcome = await standIn(code);
      return "crash" in outcome ? outcome.crash : JSON.stringify(outcome);
    };
    if (process.platform !== "win32") {
      expect(await crash("process.kill(process.pid, 'SIGSEGV'); setTimeout(() => 0, 1e4);")).to.equal(
        "SIGSEGV (memory that is not its own)",
      );
      expect(await crash("process.kill(process.pid, 'SIGILL'); setTimeout(() => 0, 1e4);")).to.match(
        /^SIGILL/,
      );
    }
    expect(await crash("console.error('first'); console.error('lost device'); process.exit(7);")).to.equal(
      'exit code 7; it last said "lost device"',
    );
    expect(
      await crash(
        "process.send({ facts: {} }); process.once('disconnect', () => process.exit(9));process.disconnect()",
      ),
    ).to.equal("exit code 9");
    expect(await crash("process.disconnect();")).to.equal("exit code 0");
  });

  it("wait no longer than they have patience", async () => {
    expect(await standIn("setInterval(() => 0, 1e3);", 300)).to.deep.equal({
      crash: "no answer within 0.3 seconds",
    });
  });

  it("of the real program load the addon there and tell what it is", async () => {
    const outcome = await tryOut("addon");
    if (!("facts" in outcome)) throw new Error(JSON.stringify(outcome));
    expect(outcome.facts.llamaCpp).to.equal("v0.5.0");
    expect(outcome.facts.devices.map(({ name }) => name)).to.include("CPU");
    expect(outcome.facts.libraries.some((file) => file.endsWith("tonescore.node"))).to.equal(true);
  });

  it("of the real program try nothing that is not on its list", async () => {
    expect(await tryOut("constructor" as "addon")).to.deep.equal({ error: "constructor" });
  });
});
