/** A colour component of a picture. */
export interface Component {
  readonly id: number;
  /** Blocks across and down of one unit of an interleaved scan. */
  readonly across: number;
  readonly down: number;
  readonly quantTable: number;
  /** Blocks across and down of the component, as a scan of its own has them. */
  readonly columns: number;
  readonly rows: number;
}

export interface Frame {
  readonly progressive: boolean;
  /** Units of interleaved scans. */
  readonly units: number;
  readonly components: readonly Component[];
}

/** A scan's header: components with their tables, the band of coefficients, and from which bit to which. */
export interface ScanHeader {
  readonly components: readonly (Component & { readonly dcTable: number; readonly acTable: number })[];
  readonly first: number;
  readonly last: number;
  readonly high: number;
  readonly low: number;
}

const BASELINE = 0xc0;
const EXTENDED = 0xc1;
const PROGRESSIVE = 0xc2;

/** The frames that are Huffman coded and that libjpeg decodes. */
export const isFrame = (marker: number): boolean =>
  marker === BASELINE || marker === EXTENDED || marker === PROGRESSIVE;

/** Undefined where the segment makes no sense: whoever decodes it says why. */
export function readFrame(marker: number, segment: Uint8Array): Frame | undefined {
  const [precision, , , , , count = 0] = segment;
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  if (precision !== 8 || count < 1 || count > 4 || segment.length < 6 + 3 * count) return undefined;
  const [height, width] = [view.getUint16(1), view.getUint16(3)];
  const raw = Array.from({ length: count }, (_, i) => {
    const [id = 0, factors = 0, quantTable = 0] = segment.subarray(6 + 3 * i);
    return { id, across: factors >> 4, down: factors & 15, quantTable };
  });
  if (width === 0 || height === 0 || raw.some(({ across, down }) => across < 1 || down < 1)) return undefined;
  const [across, down] = [Math.max(...raw.map((c) => c.across)), Math.max(...raw.map((c) => c.down))];
  return {
    progressive: marker === PROGRESSIVE,
    units: Math.ceil(width / (8 * across)) * Math.ceil(height / (8 * down)),
    components: raw.map((component) => ({
      ...component,
      columns: Math.ceil((width * component.across) / (8 * across)),
      rows: Math.ceil((height * component.down) / (8 * down)),
    })),
  };
}

/** Undefined as with {@link readFrame}. */
export function readScanHeader(frame: Frame, segment: Uint8Array): ScanHeader | undefined {
  const [count = 0] = segment;
  const components = Array.from({ length: count }, (_, i) => {
    const [id, tables = 0] = segment.subarray(1 + 2 * i);
    const component = frame.components.find((candidate) => candidate.id === id);
    return component && { ...component, dcTable: tables >> 4, acTable: tables & 15 };
  }).filter((component) => component !== undefined);
  const [first = 0, last = 63, bits = 0] = segment.subarray(1 + 2 * count);
  if (count < 1 || components.length < count || segment.length < 4 + 2 * count) return undefined;
  if (!frame.progressive) return { components, first: 0, last: 63, high: 0, low: 0 };
  if (last > 63 || first > last || (first === 0) !== (last === 0)) return undefined;
  if (first > 0 && count > 1) return undefined;
  return { components, first, last, high: bits >> 4, low: bits & 15 };
}
