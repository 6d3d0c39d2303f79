import type { ToneProbability } from "../../scoring/score.js";
import { type Html, markup } from "../page/html.js";

/** Five steps of colour from the worst weight to the best. */
const step = (weight: number): string => `tone${Math.round(weight * 4)}`;

const percent = (probability: number): string => `${(probability * 100).toFixed(1)} %`;

/** The tones' probabilities in a line of text. */
export const toneText = (tones: readonly ToneProbability[]): string =>
  tones.map(({ name, probability }) => `${name} ${percent(probability)}`).join(" · ");

/** The tones' probabilities as lengths, the best tone first as presets have it. */
export function toneBar(tones: readonly ToneProbability[]): Html {
  const parts = tones.map(
    ({ weight, probability }) =>
      markup`<i class="${step(weight)}" style="width:${(probability * 100).toFixed(1)}%"></i>`,
  );
  return markup`<div class="bar" title="${toneText(tones)}">${parts}</div>`;
}

/** What the colours of the bars stand for; each tone once, whatever presets there were. */
export function toneLegend(results: readonly { readonly tones: readonly ToneProbability[] }[]): Html {
  const tones = new Map(results.flatMap((result) => result.tones.map((tone) => [tone.name, tone.weight])));
  const items = [...tones].map(([name, weight]) => markup`<li><i class="${step(weight)}"></i>${name}</li>`);
  return markup`<ul class="legend">
    ${items}
  </ul>`;
}
