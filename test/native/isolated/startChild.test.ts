import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Its pipe for errors another process has as well, which outlives it. */
const leavesOneBehind = `
  import { spawn } from "node:child_process";
  spawn(process.execPath, ["-e", "setTimeout(() => {}, 2000)"], { stdio: ["ignore", "ignore", "inherit"] });
  setInterval(() => {}, 1000);`;

const host = `
  import { setTimeout as sleep } from "node:timers/promises";
  import { pathToFileURL } from "node:url";
  import { startChild } from "./src/native/isolated/startChild.ts";
  const child = await startChild(pathToFileURL(process.argv[1]));
  await sleep(500);
  child.kill();
  console.log(await child.ended);`;

describe("a process of the engine's own", () => {
  it("is waited for until it is gone, though nothing else keeps its host", () => {
    const folder = mkdtempSync(join(tmpdir(), "tonescore-child-"));
    const program = join(folder, "program.mjs");
    writeFileSync(program, leavesOneBehind);
    const args = ["--import", "tsx", "--input-type=module", "--eval", host, program];
    const said = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    rmSync(folder, { recursive: true });
    expect(said).to.equal("SIGKILL\n");
  });
});
