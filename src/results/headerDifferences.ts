import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../util/isRecord.js";
import type { RunHeader } from "./result.js";

/** These change no score, so a run may go on with others. */
const insignificant = new Set(["type", "threads", "model.path", "model.name", "mmproj.path", "mmproj.name"]);

/** Every field that bears on the scores and differs, such as `settings.fps: 1 there, 2 now`. */
export function differences(there: RunHeader, now: RunHeader): string[] {
  return compare("", there, now);
}

function compare(path: string, there: unknown, now: unknown): string[] {
  if (insignificant.has(path) || isDeepStrictEqual(there, now)) return [];
  if (isRecord(there) && isRecord(now)) {
    const names = new Set([...Object.keys(there), ...Object.keys(now)]);
    return [...names].flatMap((name) =>
      compare(path === "" ? name : `${path}.${name}`, there[name], now[name]),
    );
  }
  return [`${path}: ${shown(there)} there, ${shown(now)} now`];
}

const mostShown = 120;

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}
