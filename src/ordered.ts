/**
 * Maps an iterable with up to `limit` calls under way at once, and gives the results in the order of the inputs.
 * Inputs are drawn as they are needed, so memory is bounded whatever the iterable's length.
 */
export async function* mapOrdered<T, R>(
  inputs: Iterable<T> | AsyncIterable<T>,
  limit: number,
  map: (input: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const underWay: Promise<R>[] = [];
  try {
    for await (const input of inputs) {
      const result = map(input);
      // A rejection is reported when its turn comes; until then it is not an unhandled one.
      result.catch(() => undefined);
      underWay.push(result);
      const first = underWay.length < limit ? undefined : underWay.shift();
      if (first) yield await first;
    }
    for (const result of underWay) yield await result;
  } finally {
    await Promise.allSettled(underWay);
  }
}
