import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const root = fileURLToPath(new URL("../../", import.meta.url));
/**
 * Prints the largest resident set of the process at its end, in kilobytes. What getrusage says begins, on Linux, with the
 * size of the process that started this one.
 */
const report = `
  import { readFileSync } from "node:fs";
  const peak = () =>
    process.platform === "linux"
      ? /^VmHWM:\\s+(\\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))[1]
      : process.resourceUsage().maxRSS;
  process.on("exit", () => console.error("PEAK", peak()));`;

describe("cli: memory", () => {
  it("scores a picture with the bundled model in less than 250 MB, the program included", async () => {
    const preload = `data:text/javascript,${encodeURIComponent(report)}`;
    const argv = ["--import", preload, "dist/cli/main.js", "examples/rider.jpg", "-f", "csv"];
    const env = { ...process.env, NODE_V8_COVERAGE: "" };
    const child = spawn(process.execPath, argv, { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] });
    const exit = once(child, "exit") as Promise<[number | null]>;
    const [[code], err] = await Promise.all([exit, text(child.stderr)]);
    expect(code, err).to.equal(0);
    const peak = (1024 * Number(/^PEAK (\d+)$/m.exec(err)?.[1])) / 1e6;
    expect(peak).to.be.below(250);
  });
});
