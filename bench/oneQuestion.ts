import { type Benchmark, checkSameAnswer, openPeer, openScorer, promptsOf } from "./context.js";
import { onePicture } from "./pictures.js";
import { alternate, time } from "./rounds.js";

/** From an encoded picture in memory to its score, one at a time. */
export const oneQuestion: Benchmark = async (context) => {
  await using scorer = await openScorer(context);
  await using peer = await openPeer(context);
  const [prompt = ""] = await promptsOf(scorer);
  const bytes = await onePicture(context.model);
  await checkSameAnswer(peer, prompt, bytes, await scorer.scoreImage(bytes));
  const picture = bytes.toString("base64");
  const { ours, theirs } = await alternate(context.rounds, {
    ours: () => time(() => scorer.scoreImage(bytes)),
    theirs: () => time(() => peer.ask({ prompt, picture })),
  });
  return [
    { what: "one question a picture", unit: "ms", ours, other: { name: "llama-server", values: theirs } },
  ];
};
