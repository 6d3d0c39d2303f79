import { presets, type PresetInput } from "../src/index.js";
import { type Benchmark, checkSameAnswer, openPeer, openScorer, promptsOf } from "./context.js";
import type { Peer, Request } from "./peer.js";
import { onePicture } from "./pictures.js";
import { alternate, time } from "./rounds.js";
import type { Row } from "./row.js";

const ASKED = [
  "qboost",
  "qalign",
  "aesthetics",
  "sharpness",
  "noise",
  "exposure",
  "contrast",
  "colour",
  "compression",
];

export const nine: PresetInput = {
  name: "nine",
  questions: ASKED.flatMap((name) => presets.get(name)?.questions ?? []),
  tones: presets.get("qboost")?.tones ?? [],
};

/** The prompt tokens that the server took from its cache over all questions of a picture. */
async function askAll(peer: Peer, requests: readonly Request[]): Promise<number> {
  let cached = 0;
  for (const request of requests) cached += (await peer.ask(request)).timings.cache_n;
  return cached;
}

/** Nine questions about one picture, which we encode once; the server with and without its prompt cache. */
export const nineQuestions: Benchmark = async (context) => {
  await using scorer = await openScorer(context, nine);
  await using peer = await openPeer(context);
  const prompts = await promptsOf(scorer);
  const bytes = await onePicture(context.model);
  await checkSameAnswer(peer, prompts[0] ?? "", bytes, await scorer.scoreImage(bytes));
  const picture = bytes.toString("base64");
  const plain = prompts.map((prompt) => ({ prompt, picture }));
  const [first, ...others] = plain.map((request) => ({ ...request, cache: true }));
  // The first question about a picture never finds it in the cache; asked again and again, this one would.
  const caching = [{ ...first, cache: false }, ...others] as Request[];
  const {
    ours,
    without,
    with: cached,
  } = await alternate(context.rounds, {
    ours: () => time(() => scorer.scoreImage(bytes)),
    without: () => time(() => askAll(peer, plain)),
    with: () => time(() => askAll(peer, caching)),
  });
  const row = (name: string, values: number[]): Row => ({
    what: "nine questions a picture",
    unit: "ms",
    ours,
    other: { name, values },
  });
  const tokens = await askAll(peer, caching);
  return [
    row("llama-server, no prompt cache", without),
    row(`llama-server, prompt cache (${tokens} tokens from it)`, cached),
  ];
};
