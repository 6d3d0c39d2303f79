/**
 * Which frames are wanted: for ffmpeg as an expression of its select filter, for us as a test by time. Times count from
 * the clip's start.
 */
export interface Schedule {
  /** @param origin where ffmpeg's clock stands at the clip's start, in seconds */
  readonly select: (origin: number) => string;
  /** True for a frame that is wanted. Asked once for each frame that ffmpeg lets through, in order. */
  readonly wants: (time: number) => boolean;
  /** Cuts time into parts, counted upwards, of which no more than the first frame is wanted; absent for numbers. */
  readonly part?: (time: number) => number;
}

/** A frame's time stamp is a rounded number: one that is short of a second by less than this has reached it. */
const SLACK = 1e-6;

/**
 * The first frame at or after each of 0, 1/fps, 2/fps, …, and the first frame of all. A gap gives no frame
 * twice. ffmpeg starts its filters anew where the picture size changes in mid-stream, and then lets one more
 * frame through; it falls into a period that has had its frame, and is turned away here.
 */
export function everyPeriod(fps: number): Schedule {
  let last: number | undefined;
  const part = (time: number): number => Math.floor(time * fps + SLACK);
  return {
    select: (origin) => {
      const period = (t: string): string => `floor((${t}-${origin})*${fps}+${SLACK})`;
      return `isnan(prev_t)+gt(${period("t")},${period("prev_t")})`;
    },
    wants: (time) => {
      const period = part(time);
      if (period === last) return false;
      last = period;
      return true;
    },
    part,
  };
}

/** The frames 0, k, 2k, … */
export const everyNth = (k: number): Schedule => ({ select: () => `not(mod(n,${k}))`, wants: () => true });

/** The frames of these numbers, counted from 0. */
export const atNumbers = (numbers: readonly number[]): Schedule => ({
  select: () => numbers.map((number) => `eq(n,${number})`).join("+"),
  wants: () => true,
});

/** The first frame at or after each of some moments. */
export function atMoments(moments: readonly number[]): Schedule {
  let passed = 0;
  const part = (time: number): number => moments.filter((moment) => moment <= time).length;
  return {
    select: (origin) => {
      const crossing = (moment: number): string =>
        `lt(prev_t-${origin},${moment})*gte(t-${origin},${moment})`;
      return ["isnan(prev_t)", ...moments.map(crossing)].join("+");
    },
    wants: (time) => {
      const before = passed;
      passed = part(time);
      return passed > before;
    },
    part,
  };
}

/** The numbers of the frames at the middles of `count` equal parts of so many. */
export function middleNumbers(frames: number, count: number): number[] {
  const middles = Array.from({ length: count }, (_, part) => Math.floor((frames * (part + 0.5)) / count));
  return [...new Set(middles)];
}

/** A frame as its packet tells of it, in seconds; `end` is `start` where the file does not say. */
export interface PacketTime {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a clip into `count` equal parts, and finds for the middle of each the frame that is on screen then.
 * The moments returned lie halfway between that frame and the one before, where no rounding can matter. A
 * frame that fills several parts is there once.
 */
export function middlesOfParts(packets: readonly PacketTime[], count: number): number[] {
  const starts = [...new Set(packets.map((packet) => packet.start))].sort((a, b) => a - b);
  const first = starts[0] ?? 0;
  const last = starts.at(-1) ?? 0;
  const interval = starts.length > 1 ? (last - first) / (starts.length - 1) : 0;
  const lastEnd = packets.reduce((latest, packet) => Math.max(latest, packet.end), last);
  const end = lastEnd > last ? lastEnd : last + interval;
  const moments = new Set<number>();
  let shown = 0;
  for (let part = 0; part < count; part++) {
    const middle = first + ((end - first) * (part + 0.5)) / count;
    while ((starts[shown + 1] ?? Infinity) <= middle) shown++;
    const start = starts[shown] ?? 0;
    moments.add((start + (starts[shown - 1] ?? start - 1)) / 2);
  }
  return [...moments];
}
