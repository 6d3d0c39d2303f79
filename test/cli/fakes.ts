import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { TonescoreError } from "../../src/errors.js";
import type { BatchScorer, Dependencies, Io, StopSignal } from "../../src/cli/terminal/io.js";
import { run } from "../../src/cli/run.js";
import type { Input, MediaInput } from "../../src/media/inputs/input.js";
import type { ScorerOptions, VideoOptions } from "../../src/scorer/options.js";
import type { Result, RunHeader, ScoreFields } from "../../src/results/result.js";
import { presetHash } from "../../src/prompts/presetHash.js";
import { builtIn } from "../prompts/builtIn.js";

/** A stream that remembers what was written; a terminal where `columns` is given. */
export class FakeStream extends Writable {
  text = "";
  readonly isTTY: boolean;
  readonly columns: number;

  constructor(
    columns?: number,
    private readonly colours = false,
  ) {
    super();
    this.isTTY = columns !== undefined;
    this.columns = columns ?? 80;
  }

  hasColors(): boolean {
    return this.colours;
  }

  override _write(chunk: Buffer, _: string, done: (error?: Error) => void): void {
    this.text += chunk.toString();
    done();
  }
}

export interface FakeIo extends Io {
  readonly stdout: FakeStream;
  readonly stderr: FakeStream;
  readonly exits: number[];
  pressCtrlC(): void;
  kill(signal: StopSignal): void;
}

export function fakeIo(stdout = new FakeStream(), stderr = new FakeStream()): FakeIo {
  const listeners = new Set<(signal: StopSignal) => void>();
  const kill = (signal: StopSignal): void => {
    for (const listener of listeners) listener(signal);
  };
  const exits: number[] = [];
  return {
    stdout,
    stderr,
    exits,
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exit: (code) => exits.push(code),
    pressCtrlC: () => {
      kill("SIGINT");
    },
    kill,
  };
}

const recipe = builtIn("qboost");

export const fakeHeader: RunHeader = {
  type: "header",
  version: 1,
  tonescore: "0.1.0",
  llamaCpp: "v0.5.0",
  model: { path: "/models/fake.gguf", name: "fake", sha256: "aa" },
  mmproj: { path: "/models/mmproj-fake.gguf", name: "fake encoder", sha256: "bb" },
  presets: {
    image: { name: "qboost", hash: "cc", prompts: ["<image>Rate the quality"], temperature: 1, recipe },
    video: {
      ...{ name: "qboost-ensemble", hash: "dd", prompts: ["<image>Rate the quality"], temperature: 1 },
      recipe,
    },
  },
  templateArguments: {},
  backend: "cpu",
  threads: 2,
};

function scored(score: number, scale: string, answerMass = 0.9): ScoreFields {
  const [good, poor] = [score, 1 - score];
  return {
    score: scale === "percent" ? score * 100 : score,
    tones: [
      { name: "positive", weight: 1, probability: good },
      { name: "neutral", weight: 0.5, probability: 0 },
      { name: "negative", weight: 0, probability: poor },
    ],
    answerMass,
    trusted: answerMass >= 0.5,
  };
}

/** The score is in the file's name: `0.8.jpg`; `untrusted-0.8.jpg`, `unlearned-0.8.jpg` and `broken.jpg` are what they say. */
function resultOf(input: MediaInput, { scale = "unit" }: ScorerOptions): Result {
  const { kind, path, size, mtimeMs } = input;
  if (path.includes("broken")) {
    return {
      type: "error",
      input: { path, size, mtimeMs },
      error: { code: "ERR_IMAGE_DECODE", message: "Expected a picture but received something else." },
    };
  }
  const score = Number(/\d+\.\d+/.exec(path)?.[0] ?? "0.5");
  const picture = { path, size, mtimeMs, width: 640, height: 480, treatment: [] };
  const shared: ScoreFields = {
    ...scored(score, scale, path.includes("untrusted") ? 0.12 : 0.9),
    ...(path.includes("unlearned") && { trusted: false, distrust: "unlearned" }),
  };
  if (kind === "image") return { type: "image", input: picture, scale, answers: [], ...shared };
  const frames = [score, score / 2, score].map((each, time) => ({
    time,
    answers: [],
    ...scored(each, scale),
  }));
  const how = { pooling: "logits", sampling: "fps 1" };
  const warnings = path.includes("damaged") ? ["the file ends in the middle"] : [];
  return { type: "video", input: picture, scale, ...how, warnings, frames, ...shared };
}

export class FakeScorer implements BatchScorer {
  readonly drawn: Input[] = [];
  videoOptions: VideoOptions | undefined;
  closed = false;

  constructor(
    readonly options: ScorerOptions,
    /** Called before each result, for tests that interrupt or fail. */
    private readonly before: (input: Input) => void | Promise<void> = () => undefined,
    private readonly headerFields: Partial<RunHeader> = {},
  ) {}

  header(): Promise<RunHeader> {
    return Promise.resolve({ ...fakeHeader, ...this.headerFields });
  }

  async *scoreAll(inputs: Iterable<Input>, options: VideoOptions = {}): AsyncGenerator<Result> {
    this.videoOptions = options;
    for (const input of inputs) {
      this.drawn.push(input);
      await this.before(input);
      if (options.stop?.aborted === true && "size" in input) {
        const { path, size, mtimeMs } = input;
        const error = { code: "ERR_ABORTED", message: "Aborted." } as const;
        yield { type: "error", input: { path, size, mtimeMs }, error };
        return;
      }
      if (options.signal?.aborted) throw new TonescoreError("ERR_ABORTED", "Aborted.");
      if ("error" in input) {
        const { code, message } = input.error;
        yield { type: "error", input: { path: input.path }, error: { code, message } };
      } else {
        yield resultOf(input, this.options);
      }
    }
  }

  headersByPreset(): Promise<RunHeader[]> {
    const { preset, alsoPresets = [] } = this.options;
    if (preset === undefined) return Promise.all([this.header()]);
    return Promise.all(
      [preset, ...alsoPresets].map(async (choice) => {
        const name = typeof choice === "string" ? choice : choice.name;
        const header = await this.header();
        const recipe = builtIn(name);
        const identity = { ...header.presets.image, name, hash: presetHash(recipe), recipe };
        return { ...header, presets: { image: identity, video: identity } };
      }),
    );
  }

  /** A further preset squares the scores of the one before. */
  async *scoreAllByPreset(inputs: Iterable<Input>, options: VideoOptions = {}): AsyncGenerator<Result[]> {
    const presets = [this.options.preset ?? "qboost", ...(this.options.alsoPresets ?? [])].map(String);
    for await (const result of this.scoreAll(inputs, options)) {
      yield presets.map((preset, index) =>
        result.type === "error" ? result : { ...result, preset, score: result.score ** (2 ** index) },
      );
    }
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

export interface Ran {
  readonly code: number;
  readonly io: FakeIo;
  readonly out: string;
  readonly err: string;
  readonly scorer: FakeScorer | undefined;
}

export interface RunOptions {
  readonly io?: FakeIo;
  readonly before?: (input: Input) => void | Promise<void>;
  readonly header?: Partial<RunHeader>;
  readonly createScorer?: Dependencies["createScorer"];
}

/** Runs the command line with a scorer that needs no model. */
export async function cli(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { io = fakeIo(), before, header } = options;
  let scorer: FakeScorer | undefined;
  const createScorer: Dependencies["createScorer"] = (given) => {
    scorer = new FakeScorer(given, before, header);
    return Promise.resolve(scorer);
  };
  const code = await run(argv, io, { createScorer: options.createScorer ?? createScorer });
  return { code, io, out: io.stdout.text, err: io.stderr.text, scorer };
}

export interface Folder extends AsyncDisposable {
  readonly path: string;
  /** The path of a file in it. */
  file(name: string): string;
}

/** A temporary folder with small files of these names. */
export async function folderWith(...names: string[]): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "tonescore-cli-"));
  for (const name of names) await writeFile(join(path, name), `content of ${name}`);
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** The results among the lines of NDJSON, without the header. */
export function resultsOf(ndjson: string): Result[] {
  const lines = ndjson.trimEnd().split("\n").slice(1);
  return lines.map((line) => JSON.parse(line) as Result);
}
