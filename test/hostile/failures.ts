import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Mutant } from "./kind.js";
import type { Outcome } from "./sandbox.js";

const failures = fileURLToPath(new URL("../../build/hostile/", import.meta.url));

interface Failure {
  readonly kind: string;
  readonly seed: number;
  readonly mutants: readonly Mutant[];
  readonly args: readonly string[];
  readonly outcome: Outcome;
  readonly problems: readonly string[];
}

/** Keeps inputs with what became of them, and gives the folder. */
export async function saveFailure({
  kind,
  seed,
  mutants,
  args,
  outcome,
  problems,
}: Failure): Promise<string> {
  const [first] = mutants;
  const folder = join(failures, `${kind}-${seed}-${first?.index}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const { name, bytes } of mutants)
    await writeFile(Buffer.concat([Buffer.from(`${folder}/`), name]), bytes);
  const { stdout, stderr, ...facts } = outcome;
  const again = `npm run test:hostile -- --kind ${kind} --seed ${seed} --from ${first?.index} --count ${mutants.length}`;
  const how = mutants.map((mutant) => mutant.how);
  const said = { stdout: stdout.slice(-4000), stderr: stderr.slice(-4000) };
  await writeFile(
    join(folder, "about.json"),
    JSON.stringify({ problems, again, how, args, ...facts, ...said }, null, 2),
  );
  return folder;
}
