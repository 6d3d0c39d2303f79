/** Maps one after the other. Of several that fail it is always the first whose error is told, however long each takes. */
export async function mapInTurn<T, R>(items: Iterable<T>, map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await map(item));
  return results;
}
