import { readFile, rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { QUICK_MODEL } from "../prepared.js";
import { differences, ended, run, start } from "./product.js";
import { manyPictures, type Trial } from "./trial.js";

const PICTURES = 60;

/** Kills runs at random moments, goes on with them, and holds what they wrote against an undisturbed one. */
export const kill: Trial = async ({ prepared, random, whole }) => {
  const rounds = whole ? 30 : 2;
  const folder = prepared.path("kill");
  await manyPictures(folder, prepared, PICTURES);
  const into = (file: string): string[] => [folder, ...QUICK_MODEL, "-q", "-o", prepared.path(file)];
  await run(into("undisturbed.ndjson"));
  const undisturbed = String(await prepared.read("undisturbed.ndjson"));
  const faults: string[] = [];
  let killed = 0;
  let kept = 0;
  for (let round = 0; round < rounds; round++) {
    const file = prepared.path("killed.ndjson");
    await rm(file, { force: true });
    const child = start([...into("killed.ndjson"), "--resume"]);
    const end = ended(child);
    await linesIn(file, random.int(0, PICTURES - 5), end);
    await delay(random.int(0, 40));
    if (child.kill("SIGKILL")) killed++;
    await end;
    kept += (await textOf(file)).split("\n").length - 1;
    const { code, stderr } = await run([...into("killed.ndjson"), "--resume"]);
    if (code !== 0) faults.push(`round ${round}: going on exited with ${code}: ${stderr.slice(0, 200)}`);
    faults.push(...differences(undisturbed, await textOf(file)).map((fault) => `round ${round}: ${fault}`));
  }
  return {
    trial: `kill -9 and --resume, ${PICTURES} pictures`,
    found: `${killed} of ${rounds} runs killed, with ${Math.round(kept / rounds)} lines written on average; all rows once and equal to the bit in ${rounds - new Set(faults.map((fault) => fault.split(":")[0])).size}`,
    faults,
  };
};

const textOf = (file: string): Promise<string> => readFile(file, "utf8").catch(() => "");

/** Waits until the file has so many lines, or the run is over. */
async function linesIn(file: string, count: number, end: Promise<unknown>): Promise<void> {
  const over = end.then(() => true);
  while ((await textOf(file)).split("\n").length <= count) {
    if (await Promise.race([over, delay(3, false)])) return;
  }
}
