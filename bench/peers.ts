import { type ChildProcessByStdio, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import sharp from "sharp";
import { decodeImage } from "../src/media/image/decodeImage.js";
import { type Benchmark, type Context, openScorer } from "./context.js";
import { root, scratch } from "./paths.js";
import { onePicture } from "./pictures.js";
import { alternate, time } from "./rounds.js";
import type { Row } from "./row.js";

/** A way of bench/peers.py: it does its work once for each line, and answers with the milliseconds. */
class PythonPeer implements Disposable {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string, undefined>;

  constructor(...args: readonly string[]) {
    const program = [process.env.PYTHON ?? "python3", join(root, "bench", "peers.py")] as const;
    this.#process = spawn(program[0], [program[1], ...args], { stdio: ["pipe", "pipe", "inherit"] });
    for (const emitter of [this.#process, this.#process.stdin]) emitter.on("error", () => undefined);
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** What it calls itself; undefined where it does not start. */
  async name(): Promise<string | undefined> {
    const line = await this.#lines.next();
    return line.done === true ? undefined : line.value;
  }

  async work(): Promise<number> {
    this.#process.stdin.write("\n");
    const line = await this.#lines.next();
    if (line.done === true) throw new Error("Expected an answer of bench/peers.py, but it ended");
    return Number(line.value);
  }

  [Symbol.dispose](): void {
    this.#process.stdin.end();
  }
}

/** One peer in Python against `ours`, where the packages are that it takes. */
async function against(
  { rounds }: Context,
  what: string,
  ours: () => Promise<unknown>,
  ...args: readonly string[]
): Promise<Row[]> {
  using peer = new PythonPeer(...args);
  const name = await peer.name();
  if (name === undefined) {
    console.log(`${args[0]}: left out, since bench/peers.py does not start (bench/README.md)`);
    return [];
  }
  const measured = await alternate(rounds, { ours: () => time(ours), theirs: () => peer.work() });
  return [{ what, unit: "ms", ours: measured.ours, other: { name, values: measured.theirs } }];
}

/** What a user would take instead: PyTorch for the same network, or a number that no model stands behind. */
export const peers: Benchmark = async (context) => {
  await using scorer = await openScorer(context);
  const bytes = await onePicture(context.model);
  const picture = await decodeImage(bytes);
  const path = join(scratch, "one.jpg");
  await writeFile(path, bytes);
  const file = "a JPEG file";
  const { ours, theirs } = await alternate(context.rounds, {
    ours: () => time(() => scorer.scoreImage(path)),
    theirs: () => time(() => sharp(path).stats()),
  });
  const network = (): Promise<Row[]> =>
    against(context, "decoded pixels", () => scorer.scoreImage(picture), "torch");
  return [
    ...(context.model.name === "bundled" ? await network() : []),
    ...(await against(context, file, () => scorer.scoreImage(path), "brisque", path)),
    { what: file, unit: "ms", ours, other: { name: "sharp's stats, sharpness among them", values: theirs } },
  ];
};
