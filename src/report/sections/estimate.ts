import type { Estimate } from "../../stats/bootstrap.js";
import { type Html, markup } from "../page/html.js";

/** With a minus sign as wide as the plus; what rounds to 0 has none. */
export function signed(value: number, digits: number): string {
  const size = Math.abs(value).toFixed(digits);
  if (Number(size) === 0) return size;
  return `${value < 0 ? "−" : "+"}${size}`;
}

export const fixed = (value: number, digits: number): string =>
  value < 0 ? signed(value, digits) : value.toFixed(digits);

/** `0.812 [0.790, 0.833]`, or without an interval where there is none. */
export function estimateText({ value, low, high }: Estimate, show = (one: number) => fixed(one, 3)): Html {
  const interval = low === undefined || high === undefined ? "" : `[${show(low)}, ${show(high)}]`;
  return markup`${show(value)} <span class="interval">${interval}</span>`;
}
