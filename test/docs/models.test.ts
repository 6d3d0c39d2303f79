import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { bundledModel } from "../../src/models/bundled.js";
import { emptyHome, HubServer, removeHome } from "../hub/hubServer.js";
import { checkpoints } from "../importing/support.js";
import { codeBlocks, docsFile } from "./codeBlocks.js";

const cli = docsFile("../dist/cli/main.js");

interface Step {
  readonly command: string;
  readonly printed: string[];
}

/** Commands stand behind `$ `, and what they print below. */
function stepsOf(session: string): Step[] {
  const steps: Step[] = [];
  for (const line of session.trimEnd().split("\n")) {
    if (line.startsWith("$ ")) steps.push({ command: line.slice(2), printed: [] });
    else steps.at(-1)?.printed.push(line);
  }
  return steps;
}

/** `…` stands for anything within a line. */
const pattern = (line: string): RegExp =>
  new RegExp(`^${line.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", ".*")}$`);

describe("docs/models.md", () => {
  let server: HubServer;
  let folder: string;

  before(async () => {
    server = await HubServer.open();
    server.serve("example/tiny-GGUF", {
      "tonescore-3.gguf": readFileSync(bundledModel.model),
      "mmproj-tonescore-3.gguf": readFileSync(bundledModel.mmproj),
      "README.md": Buffer.from("# tiny\n"),
    });
    const checkpoint = join(checkpoints, "qwen2.5-vl");
    const files = readdirSync(checkpoint).map(
      (name) => [name, readFileSync(join(checkpoint, name))] as const,
    );
    server.serve("example/tiny-Qwen2.5-VL", Object.fromEntries(files));
    folder = await emptyHome();
    await cp(docsFile("../examples/burger.jpg"), join(folder, "photo.jpg"));
    await mkdir(join(folder, "bin"));
    const wrapper = `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`;
    await writeFile(join(folder, "bin", "tonescore"), wrapper, { mode: 0o755 });
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await removeHome(folder);
  });

  /** Runs commands in one shell; of each, what it printed. */
  async function play(steps: readonly Step[]): Promise<string[][]> {
    const END = "---- next ----";
    const script = steps.map(({ command }) => `${command}\necho '${END}'`).join("\n");
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("HF_")));
    const shell = spawn("sh", ["-c", `exec 2>&1\n${script}`], {
      cwd: folder,
      env: { ...env, HF_ENDPOINT: server.url, PATH: `${join(folder, "bin")}:${env.PATH ?? ""}` },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [all] = await Promise.all([text(shell.stdout), once(shell, "exit")]);
    return all
      .replaceAll("\r", "")
      .split(`${END}\n`)
      .map((part) => part.split("\n").filter((line) => line !== ""));
  }

  it("goes from an empty cache to a score by name", async () => {
    const steps = codeBlocks("models.md", "console").flatMap(stepsOf);
    expect(steps.length).to.be.above(5);
    const printed = await play(steps);
    for (const [index, { command, printed: lines }] of steps.entries()) {
      const shown = printed[index] ?? [];
      expect(shown, command).to.have.lengthOf(lines.length);
      for (const [at, line] of lines.entries()) expect(shown[at], command).to.match(pattern(line));
    }
    const fetched = server.asked.filter((each) => each.includes("/tiny-GGUF/resolve/"));
    expect(fetched).to.have.lengthOf(2);
  });
});
