import type { Evaluation } from "../../results/evaluation.js";
import { agreementTable } from "../sections/agreementTable.js";
import { evaluationSection } from "../sections/evaluationSection.js";
import { estimateText } from "../sections/estimate.js";
import { type Html, markup } from "../page/html.js";
import { renderPage } from "../page/renderPage.js";
import type { PictureSource } from "../pictures/pictureSource.js";
import { fileCell, presetCell, settingsTable } from "../sections/settings.js";

export interface EvaluationPage {
  readonly report: Evaluation;
  /** The folder that the page will be in. */
  readonly base: string;
  readonly source?: PictureSource;
}

/** A page about what `tonescore evaluate` found out, piece by piece. */
export function evaluationReport(page: EvaluationPage): AsyncGenerator<string> {
  const { dataset, evaluations } = page.report;
  return renderPage({
    kind: "agreement with viewers",
    title: dataset.path,
    about: `${dataset.layout} · ${evaluations.map((evaluation) => evaluation.name).join(", ")}`,
    sections: sections(page),
  });
}

async function* sections({ report, base, source = {} }: EvaluationPage): AsyncGenerator<Html> {
  if (report.evaluations.length > 1) yield sideBySide(report);
  for (const evaluation of report.evaluations) yield* evaluationSection(evaluation, base, source);
  yield settings(report);
}

function sideBySide({ evaluations, comparisons }: Evaluation): Html {
  return markup`<section>
    <h2>Side by side</h2>
    ${agreementTable(
      "",
      evaluations.map(({ name, overall }) => [name, overall]),
    )}
    <h3>Differences</h3>
    <div class="scroll"><table>
      <thead><tr><th></th>${["SRCC", "KRCC", "PLCC"].map((name) => markup`<th class="number">${name}</th>`)}</tr></thead>
      <tbody>${comparisons.map(
        ({ first, second, srcc, krcc, plcc }) => markup`<tr>
        <th>${first} − ${second}</th>
        ${[srcc, krcc, plcc].map((difference) => markup`<td class="number">${estimateText(difference)}</td>`)}
      </tr>`,
      )}</tbody>
    </table></div>
    <p class="note">In brackets: 95 % intervals of the bootstrap, of differences with paired resamples.</p>
  </section>`;
}

function settings({ dataset, bootstrap, evaluations, tonescore }: Evaluation): Html {
  const bootstrapped = bootstrap && `${bootstrap.resamples} resamples, seed ${bootstrap.seed}`;
  return settingsTable([
    ["dataset", `${dataset.path} (${dataset.layout})`],
    ["listed", dataset.listed],
    ["missing", dataset.missing],
    ["failed", dataset.failed],
    ["ratings", dataset.dmos ? "DMOS, flipped" : "MOS"],
    ["bootstrap", bootstrapped ?? "none"],
    ...evaluations.flatMap(({ name, model, mmproj, preset, scale }) => [
      [`${name}: model`, model && fileCell(model)] as const,
      [`${name}: picture encoder`, mmproj && fileCell(mmproj)] as const,
      [`${name}: preset`, preset && presetCell(preset)] as const,
      [`${name}: scale`, scale] as const,
    ]),
    ["version", `tonescore ${tonescore}`],
  ]);
}
