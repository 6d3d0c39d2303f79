import { once } from "node:events";
import { createInterface } from "node:readline";
import { QUICK_MODEL } from "../prepared.js";
import { residentBytes, start } from "./product.js";
import { manyPictures, type Trial } from "./trial.js";

const MOST_BYTES_A_PICTURE = 10e3;

/** The memory that a run holds after a tenth of its pictures, and near their end. */
export const memory: Trial = async ({ prepared, whole }) => {
  const count = whole ? 2000 : 200;
  const early = count / 10;
  const folder = prepared.path("memory");
  await manyPictures(folder, prepared, count);
  const child = start([folder, ...QUICK_MODEL, "-q", "-f", "csv"]);
  const held: (number | undefined)[] = [];
  let rows = -1;
  const lines = createInterface({ input: child.stdout }).on("line", () => {
    rows++;
    if (rows === early || rows === count - 10) held.push(residentBytes(child.pid));
  });
  await once(lines, "close");
  const [first, last] = held;
  if (first === undefined || last === undefined) {
    return { trial: "memory over many pictures", found: "skipped, this system does not tell", faults: [] };
  }
  const slope = (last - first) / (count - 10 - early);
  return {
    trial: `memory over ${count} pictures`,
    found: `${mb(first)} after ${early}, ${mb(last)} at the end: ${(slope / 1e3).toFixed(1)} kB a picture`,
    faults: [
      ...(rows === count ? [] : [`${rows} rows of ${count}`]),
      ...(whole && slope > MOST_BYTES_A_PICTURE ? ["it grows"] : []),
    ],
  };
};

const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
