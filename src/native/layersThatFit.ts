/**
 * The most layers that fit, by halving: more layers never need less.
 * @param all of the model, its output among them
 * @param fits whether so many do; none always do
 */
export async function layersThatFit(
  all: number,
  fits: (layers: number) => Promise<boolean>,
): Promise<number> {
  let [some, tooMany] = [0, all + 1];
  while (tooMany - some > 1) {
    const middle = Math.floor((some + tooMany) / 2);
    if (await fits(middle)) some = middle;
    else tooMany = middle;
  }
  return some;
}
