/** Entropy-coded data of one scan. */
export interface Entropy {
  /** Where each part between restart markers begins and ends. */
  readonly segments: readonly (readonly [start: number, end: number])[];
  /** The numbers of the restart markers between them. */
  readonly restarts: readonly number[];
  /** Where the marker that ends the scan begins; the data's length where there is none. */
  readonly next: number;
}

/** Finds the end of a scan's data, and takes the stuffed zeros out of it where it stands. */
export function unstuff(data: Uint8Array, from: number): Entropy {
  const segments: [number, number][] = [];
  const restarts: number[] = [];
  let [start, to, at] = [from, from, from];
  for (;;) {
    const found = data.indexOf(0xff, at);
    const stop = found < 0 ? data.length : found;
    if (to < at) data.copyWithin(to, at, stop);
    to += stop - at;
    let code = stop + 1;
    while (data[code] === 0xff) code++;
    const marker = data[code];
    at = code + 1;
    if (marker === 0) {
      data[to++] = 0xff;
      continue;
    }
    segments.push([start, to]);
    if (marker === undefined || marker < 0xd0 || marker > 0xd7) return { segments, restarts, next: stop };
    restarts.push(marker & 7);
    start = to;
  }
}
