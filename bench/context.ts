import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createScorer, type ImageResult, type Scorer, type ViewsName } from "../src/index.js";
import type { BenchModel } from "./models.js";
import { scratch } from "./paths.js";
import { Peer, type PeerOptions } from "./peer.js";
import type { Row } from "./row.js";

/** What a benchmark is told. */
export interface Context {
  readonly model: BenchModel;
  /** The llama-server binary. */
  readonly server: string;
  readonly threads: number;
  readonly rounds: number;
}

export type Benchmark = (context: Context) => Promise<Row[]>;

/** How far log-probability ratios of two decoders of the same JPEG may be apart. */
const TOLERANCE = 0.1;

/** Our scorer, which looks at the whole only, as others do; with a preset, given as data, that is no built-in one. */
export async function openScorer(
  { model, threads }: Context,
  preset?: object,
  views: ViewsName = "whole",
): Promise<Scorer> {
  const { model: file, mmproj } = model;
  return createScorer({
    model: file,
    mmproj,
    threads,
    gpu: "off",
    views,
    ...(preset && { preset: await save(preset) }),
  });
}

export const openPeer = (context: Context, options: Partial<PeerOptions> = {}): Promise<Peer> => {
  const { model, server, threads } = context;
  const { model: file, mmproj, context: tokens } = model;
  const log = join(scratch, "llama-server.log");
  return Peer.start({ model: file, mmproj, server, threads, parallel: 1, context: tokens, log, ...options });
};

export async function promptsOf(scorer: Scorer): Promise<readonly string[]> {
  return (await scorer.header()).presets.image.prompts;
}

/** Stops a comparison of unlike things: the server must give the answer words the odds that we gave them. */
export async function checkSameAnswer(peer: Peer, prompt: string, picture: Buffer, ours: ImageResult) {
  const answer = ours.answers[0];
  const [first, ...others] = answer?.words ?? [];
  if (!first) throw new Error("Expected a result with answer words");
  const forced = ` ${first.word}`;
  const { completion_probabilities: found } = await peer.ask({
    prompt,
    picture: picture.toString("base64"),
    probabilities: 1_000_000,
    forced,
  });
  const theirs = new Map(found[0]?.top_logprobs.map(({ token, logprob }) => [token, logprob]));
  for (const { word, logit } of others) {
    const expected = first.logit - logit;
    const came = (theirs.get(forced) ?? NaN) - (theirs.get(` ${word}`) ?? NaN);
    if (Math.abs(expected - came) <= TOLERANCE) continue;
    throw new Error(
      `Expected ${first.word} against ${word} to be ${expected} on both sides, but llama-server says ${came}`,
    );
  }
}

async function save(preset: object): Promise<string> {
  await mkdir(scratch, { recursive: true });
  const path = join(scratch, "preset.json");
  await writeFile(path, JSON.stringify(preset));
  return path;
}
