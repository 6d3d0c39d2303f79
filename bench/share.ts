import { type Benchmark, openScorer } from "./context.js";
import { onePicture } from "./pictures.js";
import { alternate, time } from "./rounds.js";
import { Watch } from "./watch.js";

/** How much of the time for one picture passes inside the model: the rest is ours to lose. */
export const share: Benchmark = async (context) => {
  const watch = new Watch();
  watch.install();
  await using scorer = await openScorer(context);
  const bytes = await onePicture(context.model);
  const { ours } = await alternate(context.rounds, {
    ours: async () => {
      watch.milliseconds = 0;
      const whole = await time(() => scorer.scoreImage(bytes));
      return (100 * watch.milliseconds) / whole;
    },
  });
  return [{ what: "share of wall time inside encode and decode", unit: "%", ours }];
};
