import { curveTitles } from "../../stats/curves.js";
import type { Agreement, Metrics } from "../../results/evaluation.js";
import { estimateText } from "./estimate.js";
import { type Html, markup } from "../page/html.js";

const TITLES = ["n", "SRCC", "KRCC", "PLCC", "PLCC after the curve", "RMSE after the curve"];

/** How well scores agree with viewers, a row for each named set of pictures. */
export function agreementTable(
  what: string,
  rows: readonly (readonly [name: string, of: Agreement])[],
): Html {
  return markup`<div class="scroll"><table>
    <thead><tr><th>${what}</th>${TITLES.map((title) => markup`<th class="number">${title}</th>`)}<th>curve</th></tr></thead>
    <tbody>${rows.map(([name, agreement]) => row(name, agreement))}</tbody>
  </table></div>`;
}

function row(name: string, { n, metrics, reason }: Agreement): Html {
  if (!metrics) {
    return markup`<tr><th>${name}</th><td class="number">${n}</td><td colspan="6">${reason}</td></tr>`;
  }
  const { srcc, krcc, plcc, curves } = metrics;
  const curve = curves.at(-1);
  const cells = [srcc, krcc, plcc, curve?.plcc, curve?.rmse].map(
    (value) => markup`<td class="number">${value && estimateText(value)}</td>`,
  );
  return markup`<tr><th>${name}</th><td class="number">${n}</td>${cells}<td>${curveCell(metrics)}</td></tr>`;
}

/** Which curve it was; only a monotone one counts. */
function curveCell({ curves, notMonotone = [] }: Metrics): string {
  const curve = curves.at(-1);
  if (curve === undefined) return notMonotone.length > 0 ? "no monotone curve fits" : "too few for a curve";
  const refused = notMonotone.map((name) => `; the ${curveTitles[name]} is not monotone`);
  return curveTitles[curve.name] + refused.join("");
}
