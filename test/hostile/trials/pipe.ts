import { QUICK_MODEL } from "../prepared.js";
import { type Product, start } from "./product.js";
import { manyPictures, type Trial } from "./trial.js";

const FORMATS = ["ndjson", "csv", "json", "table"];
const LIMIT_SECONDS = 60;

/** Closes standard output after its first line, as `| head -1` does. */
export const pipe: Trial = async ({ prepared }) => {
  const folder = prepared.path("pipe");
  await manyPictures(folder, prepared, 2000);
  const faults: string[] = [];
  for (const format of FORMATS) {
    const began = performance.now();
    const child = start([folder, ...QUICK_MODEL, "-f", format]);
    child.stdout.once("data", () => child.stdout.destroy());
    const deadline = setTimeout(() => child.kill("SIGKILL"), LIMIT_SECONDS * 1000);
    const stderr = await closing(child);
    clearTimeout(deadline);
    const seconds = (performance.now() - began) / 1000;
    if (child.exitCode !== 0) faults.push(`${format}: exit ${child.exitCode ?? child.signalCode}: ${stderr}`);
    if (/EPIPE|bug in tonescore/.test(stderr)) faults.push(`${format}: ${stderr.slice(0, 200)}`);
    if (seconds > LIMIT_SECONDS) faults.push(`${format}: it went on`);
  }
  return {
    trial: "a pipe that `head -1` closes, 2,000 pictures",
    found: `${FORMATS.join(", ")}: exit 0, no complaint`,
    faults,
  };
};

async function closing(child: Product): Promise<string> {
  let stderr = "";
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  await new Promise((resolve) => child.once("exit", resolve));
  return stderr;
}
