import type { OutputStream } from "./io.js";

/** SGR colours from the worst weight to the best. */
const weightColours = [31, 91, 33, 92, 32] as const;
const weightShades = ["·", "░", "▒", "▓", "█"] as const;

/** How text is dressed for one stream. */
export interface Style {
  readonly colours: boolean;
  dim(text: string): string;
  bold(text: string): string;
  warning(text: string): string;
  failure(text: string): string;
  /** Blocks that stand for a tone: by their colour, or by their shade where there are no colours. */
  blocks(weight: number, count: number): string;
}

/** Plain unless it is for a terminal that has colours; Node heeds `NO_COLOR` there. */
export function styleFor(stream: OutputStream, terminal = stream.isTTY === true): Style {
  const colours = terminal && stream.hasColors?.() === true;
  const sgr =
    (on: number, off: number) =>
    (text: string): string =>
      colours && text !== "" ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return {
    colours,
    dim: sgr(2, 22),
    bold: sgr(1, 22),
    warning: sgr(33, 39),
    failure: sgr(31, 39),
    blocks: (weight, count) => {
      const step = Math.round(weight * 4);
      if (!colours) return (weightShades[step] ?? "█").repeat(count);
      return sgr(weightColours[step] ?? 39, 39)("█".repeat(count));
    },
  };
}

/** A file's name may hold anything; on a terminal, control characters must not act. */
export const printable = (text: string): string => text.replace(/\p{Cc}/gu, "?");

/** An input by its path, as messages call it. */
export const nameOf = (path: string | undefined): string =>
  path === undefined || path === "-" ? "standard input" : printable(path);
