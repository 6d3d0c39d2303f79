import { execFileSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { ownPlatform, platforms } from "../../scripts/package/platforms.js";
import { type Installation, makeInstallation } from "../../scripts/package/tryOut/installation.js";
import { summarise } from "../stats.js";
import { type Input, makeInputs } from "./inputs.js";
import { type Outcome, runWithin, version } from "./memoryGroup.js";

const MIB = 2 ** 20;
const limits = [512, 256, 128];

const variants: readonly (readonly string[])[] = [[], ["--threads", "1"], ["--isolate"]];

/** What `npm run package` and `npm run package:ffmpeg` have made, installed, with a Node of its own. */
function install(): Installation {
  const name = ownPlatform() ?? "";
  const platform = platforms[name];
  if (platform?.os !== "linux") throw new Error("Expected Linux, for which there are packages");
  const packages = [name, `ffmpeg-linux-${process.arch}`];
  const installation = makeInstallation({ platform, packages, node: [process.execPath] });
  const node = join(installation.folder, "node");
  rmSync(node);
  copyFileSync(process.execPath, node);
  return installation;
}

/** Files that are in memory already would be counted for whoever read them first. */
function forget(...paths: readonly string[]): void {
  const each = ["-exec", "dd", "if={}", "iflag=nocache", "count=0", "status=none", ";"];
  execFileSync("find", [...paths, "-type", "f", ...each]);
}

function score(
  { folder, installed }: Installation,
  { path }: Input,
  limit: number,
  options: readonly string[],
) {
  forget(folder, path);
  const main = "node_modules/tonescore/dist/cli/main.js";
  const command = [join(folder, "node"), main, path, "--format", "ndjson", "--quiet", ...options] as const;
  return runWithin(limit * MIB, command, { cwd: installed, env: { PATH: folder, HOME: folder } });
}

/** The score, or why there is none. */
function resultOf({ output, killed }: Outcome): string {
  const last = output.trim().split("\n").at(-1) ?? "";
  const found = /"score":([\d.]+)/.exec(last)?.[1];
  const shrunk = /"shrunk \d+x\d+→(\d+)x(\d+)"/.exec(last);
  if (found !== undefined) {
    return Number(found).toFixed(3) + (shrunk ? `, decoded as ${shrunk[1] ?? ""}×${shrunk[2] ?? ""}` : "");
  }
  return killed ? "killed" : (/"code":"(\w+)"/.exec(last)?.[1] ?? "none");
}

const megabytes = (values: readonly number[]): string => (Math.max(...values) / 1e6).toFixed(0);

function row(what: readonly string[], outcomes: readonly Outcome[]): string {
  const results = [...new Set(outcomes.map(resultOf))].join(" or ");
  const seconds = summarise(outcomes.map(({ milliseconds }) => milliseconds / 1000)).median;
  const own = megabytes(outcomes.map(({ anonymous }) => anonymous));
  const peak = megabytes(outcomes.map((outcome) => outcome.peak));
  return `| ${[...what, results, `${seconds.toFixed(1)} s`, `${own} MB`, `${peak} MB`].join(" | ")} |`;
}

/** Prints time and memory of the installed command line, under limits of memory. Linux, as root. */
export async function edge(rounds: number): Promise<void> {
  const installation = install();
  try {
    const inputs = await makeInputs();
    const date = new Date().toISOString().slice(0, 10);
    const { model = "" } = cpus()[0] ?? {};
    console.log(
      `${date}, ${cpus().length} cores of ${model}, Node ${process.versions.node}, ${version.name}`,
    );
    console.log(`${rounds} rounds: median of time, most of memory\n`);
    console.log("| limit | input | options | score | time | own memory | with files |");
    console.log("| --- | --- | --- | --- | --- | --- | --- |");
    for (const options of variants)
      for (const limit of limits)
        for (const input of inputs) {
          const outcomes: Outcome[] = [];
          for (let round = 0; round < rounds; round++)
            outcomes.push(await score(installation, input, limit, options));
          console.log(row([`${limit} MB`, input.name, options.join(" ") || "none"], outcomes));
        }
  } finally {
    installation.remove();
  }
}
