import { Bits, Damage } from "./bits.js";
import { Band, type NonZero, passCoefficients, readDifference } from "./blocks.js";
import type { Codes } from "./codes.js";
import type { Entropy } from "./entropy.js";
import type { Frame, ScanHeader } from "./frame.js";

/** What 8 bits for each sample can make of a coefficient, but for its rounding to a multiple of its divisor. */
const LARGEST = 1024;

/** What markers before a scan set up. */
export interface Tables {
  readonly dc: Map<number, Codes>;
  readonly ac: Map<number, Codes>;
  /** Divisors in the order in which coefficients are coded. */
  readonly quant: Map<number, Uint16Array>;
  /** Units between restart markers; 0: there are none. */
  restartInterval: number;
}

/** Passes the units of one segment. */
type Pass = (bits: Bits, units: number) => void;

interface Block {
  readonly dc: Codes;
  readonly ac: Codes;
  /** Which component's DC coefficients it continues. */
  readonly of: number;
  readonly most: Uint8Array;
  readonly divisor: number;
}

/** The largest size in bits of each coefficient; that of coefficient k stands at k + 1, where a reader is then. */
function largestSizes(divisors: Uint16Array, low: number): Uint8Array {
  const most = new Uint8Array(192).fill(16);
  divisors.forEach((divisor, k) => {
    most[k + 1] = Math.floor(Math.log2(LARGEST / (divisor << low) + 1)) + 1;
  });
  return most;
}

function blocksOf(scan: ScanHeader, tables: Tables): Block[] | undefined {
  const single = scan.components.length === 1;
  const blocks: Block[] = [];
  for (const [of, { across, down, dcTable, acTable, quantTable }] of scan.components.entries()) {
    const needsDc = scan.first === 0 && scan.high === 0;
    const dc = needsDc ? tables.dc.get(dcTable) : NONE;
    const ac = scan.last > 0 ? tables.ac.get(acTable) : NONE;
    const divisors = tables.quant.get(quantTable);
    if (!dc || !ac || !divisors) return undefined;
    const most = largestSizes(divisors, scan.low);
    const block = { dc, ac, of, most, divisor: (divisors[0] ?? 1) << scan.low };
    for (let i = 0; i < (single ? 1 : across * down); i++) blocks.push(block);
  }
  return blocks;
}

const NONE = new Uint16Array(0);

/** Passes DC coefficients, and all others of the same block where the picture is not progressive. */
function sequential(blocks: readonly Block[], withAc: boolean): Pass {
  return (bits, units) => {
    const sums = [0, 0, 0, 0];
    for (let unit = 0; unit < units; unit++) {
      for (const { dc, ac, of, most, divisor } of blocks) {
        const sum = (sums[of] ?? 0) + readDifference(bits, dc);
        if (Math.abs(sum * divisor) > LARGEST + divisor)
          throw new Damage("holds a value that no picture has");
        sums[of] = sum;
        if (withAc) passCoefficients(bits, ac, most);
      }
      bits.checkNotBeyond();
    }
  };
}

function band(scan: ScanHeader, { ac, most }: Block, nonZero: NonZero): Pass {
  let block = 0;
  return (bits, units) => {
    const reader = new Band(bits, ac, nonZero, scan.first, scan.last, most);
    for (let unit = 0; unit < units; unit++, block++) {
      if (scan.high === 0) reader.passFirst(block);
      else reader.passRefinement(block);
      bits.checkNotBeyond();
    }
    if (reader.run > 0) throw new Damage("speaks of blocks that are not there");
  };
}

/**
 * Passes one scan's entropy-coded data without decoding it.
 * @returns whether it could be looked at: not where tables are missing.
 * @throws {Damage} where it does not hold what its picture needs.
 */
export function passScan(
  frame: Frame,
  scan: ScanHeader,
  tables: Tables,
  { segments, restarts }: Entropy,
  data: Uint8Array,
  nonZeroOf: (component: number) => NonZero,
): boolean {
  const [only] = scan.components;
  const single = scan.components.length === 1;
  const blocks = blocksOf(scan, tables);
  if (!blocks?.[0] || !only) return false;
  const units = single ? only.columns * only.rows : frame.units;
  const interval = tables.restartInterval || units;
  const parts = Math.ceil(units / interval);
  const pass: Pass =
    scan.first > 0
      ? band(scan, blocks[0], nonZeroOf(only.id))
      : scan.high > 0
        ? (bits, count) => {
            for (let i = 0; i < count * blocks.length; i++) bits.skip(1);
          }
        : sequential(blocks, !frame.progressive);
  if (segments.length < parts) throw new Damage(`has ${segments.length} parts of ${parts}`);
  for (const [i, [start, end]] of segments.entries()) {
    if (i >= parts) {
      if (start < end || i > parts) throw new Damage("has more parts than its picture");
      break;
    }
    if (i > 0 && restarts[i - 1] !== (i - 1) % 8) throw new Damage("has its parts in disorder");
    const bits = new Bits(data, start, end);
    pass(bits, Math.min(interval, units - i * interval));
    bits.checkAtEnd();
  }
  return true;
}
