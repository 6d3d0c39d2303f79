/** No name is longer; the work grows with the length, and a stranger's file may hold any. */
const LONGEST = 64;

/** The name that a misspelled one was probably meant to be, to follow it in a sentence: ` (did you mean "x"?)`, or nothing. */
export function didYouMean(wrong: string, names: Iterable<string>): string {
  if (wrong.length > LONGEST) return "";
  const reach = Math.max(1, Math.floor(wrong.length / 3)); // a third of the letters may be wrong
  let best: { name: string; distance: number } | undefined;
  for (const name of names) {
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase());
    if (distance <= reach && distance < (best?.distance ?? Infinity)) best = { name, distance };
  }
  return best ? ` (did you mean "${best.name}"?)` : "";
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let index = 0; index < a.length; index++) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column++) {
      const replaced = at(row, column - 1) + (a[index] === b[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, at(row, column) + 1, at(next, column - 1) + 1));
    }
    row = next;
  }
  return at(row, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
