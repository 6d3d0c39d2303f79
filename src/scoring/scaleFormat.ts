import { type Scale, toScale } from "./scale.js";

/** How the scores of a scale are written. */
export interface ScaleFormat {
  readonly lowest: number;
  readonly highest: number;
  readonly digits: number;
  /** Column title in the table. */
  readonly title: string;
}

const appearance: Readonly<Record<Scale, Pick<ScaleFormat, "digits" | "title">>> = {
  unit: { digits: 3, title: "score" },
  percent: { digits: 1, title: "percent" },
  mos: { digits: 2, title: "MOS 1-5" },
};

export function scaleFormat(scale: Scale): ScaleFormat {
  return { lowest: toScale(0, scale), highest: toScale(1, scale), ...appearance[scale] };
}
