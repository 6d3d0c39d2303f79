/**
 * Maps an iterable with up to `limit` calls under way at once, and gives the results in the order of the inputs, each as
 * soon as it is there. Inputs are drawn as they are needed, so memory is bounded whatever the iterable's length.
 * @param unused is given an input that was drawn when the consumer left.
 */
export async function* mapOrdered<T, R>(
  inputs: Iterable<T> | AsyncIterable<T>,
  limit: number,
  map: (input: T) => Promise<R>,
  unused: (input: T) => void = () => undefined,
): AsyncGenerator<R, void, undefined> {
  const iterator =
    Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
  const underWay: Promise<R>[] = [];
  let coming: Promise<Coming<T>> | undefined;
  let end: { readonly failure?: unknown } | undefined;
  try {
    while (!end || underWay.length > 0) {
      if (!end && underWay.length < limit) coming ??= next(iterator);
      // The next input may be long in coming, as from a feed; a result must not wait for it.
      const input = await firstOf(coming, underWay[0]);
      if (input === undefined) {
        const result = underWay.shift();
        if (result) yield await result;
        continue;
      }
      coming = undefined;
      if (!("value" in input)) end = input;
      else underWay.push(quiet(map(input.value)));
    }
    if ("failure" in end) throw end.failure;
  } finally {
    if (!end) await iterator.return?.();
    const drawn = await coming;
    if (drawn && "value" in drawn) unused(drawn.value);
    await Promise.allSettled(underWay);
  }
}

/** An input, the end, or the failure that is the end: what was drawn before it has its results first. */
type Coming<T> = { readonly value: T } | { readonly failure?: unknown };

async function next<T>(iterator: Iterator<T> | AsyncIterator<T>): Promise<Coming<T>> {
  try {
    const result: IteratorResult<T, unknown> = await iterator.next();
    return result.done === true ? {} : { value: result.value };
  } catch (failure) {
    return { failure };
  }
}

/** A rejection is reported when its turn comes; until then it is not an unhandled one. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** What comes next, or undefined where a result is there before it. */
function firstOf<T>(
  coming: Promise<T> | undefined,
  result: Promise<unknown> | undefined,
): Promise<T | undefined> {
  const settled = result?.then(
    () => undefined,
    () => undefined,
  );
  return Promise.race([settled, coming].filter((promise) => promise !== undefined));
}
