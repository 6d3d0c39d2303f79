import { relative } from "node:path";
import { commonFolder } from "../../util/commonFolder.js";
import { type Curve, curveTitles, curveValue } from "../../stats/curves.js";
import type { EvaluatedRow, SystemEvaluation } from "../../results/evaluation.js";
import { agreementTable } from "./agreementTable.js";
import { smallPicture } from "../pictures/anyPicture.js";
import { linkTo } from "./contactSheet.js";
import { fixed, signed } from "./estimate.js";
import { type Html, markup } from "../page/html.js";
import type { PictureSource } from "../pictures/pictureSource.js";
import { residualsOfMos, type Scatter, scatterOfMos } from "../plots/scatter.js";
import { reportScale } from "../reportScale.js";

const MOST_WORST = 12;

/** One preset of one model against the MOS: the figures, the plots, the groups and the worst disagreements. */
export async function* evaluationSection(
  { name, overall, groups, rows, scale }: SystemEvaluation,
  base: string,
  source: PictureSource,
): AsyncGenerator<Html> {
  const curve = overall.metrics?.curves.at(-1);
  const folder = commonFolder(rows.map((row) => row.path));
  const nameOf = (row: EvaluatedRow): string => relative(folder, row.path);
  const scatter: Scatter = {
    rows,
    curve,
    scale: reportScale(rows.map(({ score }) => ({ score, scale }))),
    tipOf: (row) => `${nameOf(row)}\nMOS ${plain(row.mos)}, score ${row.score.toFixed(3)}`,
  };
  yield markup`<section>
    <h2>${name}</h2>
    ${agreementTable("", [["all", overall]])}
    ${scatterOfMos(scatter)}
    ${curve && markup`<h3>Residuals</h3>${residualsOfMos(scatter, curve)}`}
    ${
      groups.length > 0
        ? markup`<h3>Groups</h3>${agreementTable(
            "group",
            groups.map((group) => [group.group, group]),
          )}`
        : undefined
    }
  `;
  if (curve) yield* worstDisagreements(rows, curve, (row) => tile(row, curve, { nameOf, base, source }));
  yield markup`</section>`;
}

const plain = (value: number): string => fixed(value, 3).replace(/\.?0+$/, "");

const residualOf = ({ score, mos }: EvaluatedRow, curve: Curve): number => mos - curveValue(curve, score);

async function* worstDisagreements(
  rows: readonly EvaluatedRow[],
  curve: Curve,
  show: (row: EvaluatedRow) => Promise<Html>,
): AsyncGenerator<Html> {
  const away = (row: EvaluatedRow): number => Math.abs(residualOf(row, curve));
  const worst = rows.toSorted((a, b) => away(b) - away(a)).slice(0, MOST_WORST);
  yield markup`<h3>The worst disagreements</h3>
    <p class="note">By how far the MOS is from what the ${curveTitles[curve.name]} expects of the score.</p>
    <ol class="sheet">`;
  for (const row of worst) yield await show(row);
  yield markup`</ol>`;
}

interface TileContext {
  readonly nameOf: (row: EvaluatedRow) => string;
  readonly base: string;
  readonly source: PictureSource;
}

async function tile(row: EvaluatedRow, curve: Curve, { nameOf, base, source }: TileContext): Promise<Html> {
  const { path, mos, score } = row;
  const residual = residualOf(row, curve);
  return markup`<li class="tile">
    <a href="${linkTo(path, base)}"><div class="picture">${await smallPicture(path, source)}</div></a>
    <div class="caption"><b>${signed(residual, 3)}</b><span>score ${score.toFixed(3)}</span></div>
    <div class="name">MOS ${plain(mos)}, expected ${fixed(curveValue(curve, score), 3)}</div>
    <div class="name" title="${path}">${nameOf(row)}</div>
  </li>`;
}
