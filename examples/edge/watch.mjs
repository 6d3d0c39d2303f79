// Scores what a folder has, and what is new in it from then on, where there is no systemd to do it:
//   node watch.mjs FOLDER --output FILE.ndjson --resume [more OPTIONS of tonescore]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** What fs.watch does not tell of, such as files in folders below, is found after so long. */
const LONGEST_MS = 60_000;
/** For what is copied into the folder to be there as a whole. */
const SETTLE_MS = 2000;
/** Of tonescore: wrong usage, and no model. Trying again mends neither. */
const HOPELESS = [2, 3];

const [folder, ...options] = process.argv.slice(2);
if (folder === undefined || !options.includes("--resume")) {
  console.error("Expected a folder, and options with --output FILE.ndjson --resume");
  process.exit(2);
}

const manifest = createRequire(import.meta.url).resolve("tonescore/package.json");
const program = join(dirname(manifest), "dist/cli/main.js");
const stop = new AbortController();
/** @type {import("node:child_process").ChildProcess | undefined} */
let child;

// The first process of a container ends by no signal that it does not ask for.
for (const signal of /** @type {const} */ (["SIGTERM", "SIGINT"]))
  process.on(signal, () => {
    stop.abort();
    child?.kill("SIGTERM");
  });

const watcher = watch(folder);

/** Ends also when it is time to look again, or to stop. */
async function nextChange() {
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(LONGEST_MS)]);
  await once(watcher, "change", { signal }).catch(() => undefined);
  await sleep(SETTLE_MS, undefined, { signal: stop.signal }).catch(() => undefined);
}

while (!stop.signal.aborted) {
  const change = nextChange(); // from here on, so that what comes during the run is not missed
  child = spawn(process.execPath, [program, folder, ...options], { stdio: "inherit" });
  await once(child, "exit");
  if (HOPELESS.includes(child.exitCode ?? 0)) process.exit(child.exitCode);
  await change;
}
watcher.close();
