import { relative, sep } from "node:path";
import { bytesOfName, isBytesOnly } from "../../media/inputs/fileNames.js";
import { mapOrdered } from "../../util/mapOrdered.js";
import type { Result, ScoredResult, ViewsResult } from "../../results/result.js";
import type { ScaleFormat } from "../../scoring/scaleFormat.js";
import { distrustText } from "../../results/distrustText.js";
import { frameText } from "../../results/frameText.js";
import { type Html, markup } from "../page/html.js";
import { toneBar, toneLegend } from "./tones.js";

/** So many pictures are made small at once. */
const AT_ONCE = 2;

export interface Sheet {
  readonly results: readonly ScoredResult[];
  readonly scale: ScaleFormat;
  /** The folder that names are shown from. */
  readonly folder: string;
  /** The folder that links are relative to: the report's own. */
  readonly base: string;
  /** The ids of the sections that results have to themselves. */
  readonly anchors: ReadonlyMap<Result, string>;
  readonly pictureOf: (result: ScoredResult) => Promise<Html>;
}

/** Every picture with its score and tones, the worst first, to be sorted and filtered in the page. */
export async function* contactSheet(sheet: Sheet): AsyncGenerator<Html> {
  const { results, scale } = sheet;
  const sorted = results.toSorted((a, b) => a.score - b.score);
  yield markup`<section data-sheet>
    <div class="head">
      <h2>${results.length === 1 ? "The picture" : `All ${results.length}`}</h2>
      ${toneLegend(results)}
    </div>
    ${results.length > 1 ? controls(results, scale) : undefined}
    <ol class="sheet">`;
  yield* mapOrdered(sorted, AT_ONCE, async (result) => tile(result, await sheet.pictureOf(result), sheet));
  yield markup`</ol></section>`;
}

function controls(results: readonly ScoredResult[], { lowest, highest }: ScaleFormat): Html {
  const untrusted = results.some((result) => !result.trusted);
  const step = (highest - lowest) / 100;
  const range = (name: string, label: string, ends: string): Html =>
    markup`<label>${label} <input type="number" name="${name}" step="${step}" placeholder="${ends}" /></label>`;
  return markup`<form class="controls" hidden>
    <label>Name <input type="search" name="words" placeholder="has …" /></label>
    ${range("from", "Score from", lowest.toFixed(1))} ${range("to", "to", highest.toFixed(1))}
    <label
      >Order
      <select name="order">
        <option value="worst">worst first</option>
        <option value="best">best first</option>
        <option value="name">by name</option>
      </select></label
    >
    ${untrusted ? markup`<label><input type="checkbox" name="untrusted" /> untrusted only</label>` : undefined}
    <output></output>
  </form>`;
}

function tile(result: ScoredResult, picture: Html, { scale, base, folder, anchors }: Sheet): Html {
  const { path = "in memory", width, height } = result.input;
  const distrust = distrustText(result);
  const anchor = anchors.get(result);
  const link = anchor === undefined ? linkTo(result.input.path, base) : `#${anchor}`;
  const shown = markup`<div class="picture">${picture}</div>`;
  return markup`<li
    class="tile"
    data-score="${result.score}"
    data-name="${path}"
    ${result.trusted ? undefined : markup`data-untrusted`}
  >
    ${link === undefined ? shown : markup`<a href="${link}">${shown}</a>`}
    <div class="caption">
      <b>${result.score.toFixed(scale.digits)}</b>
      <span>${result.type === "video" ? frameText(result) : `${width}×${height}`}</span>
    </div>
    ${toneBar(result.tones)} ${result.type === "image" && result.views ? viewsLine(result.views, scale) : undefined}
    <div class="name" title="${path}">${relative(folder, path)}</div>
    ${distrust === undefined ? undefined : markup`<div class="name warning">${distrust}</div>`}
  </li>`;
}

function viewsLine({ whole, crops }: ViewsResult, { digits }: ScaleFormat): Html {
  const close = crops.map(({ score }) => score.toFixed(digits)).join(" · ");
  return markup`<div class="name">whole ${whole.score.toFixed(digits)}, at full size ${close}</div>`;
}

/** From the report to the picture. Encoded segment by segment, so that no name can become another scheme. */
export function linkTo(path: string | undefined, base: string): string | undefined {
  if (path === undefined || path === "-") return undefined;
  return relative(base, path).split(sep).map(encodeName).join("/");
}

/** Bytes of a name that are not UTF-8 are encoded as what they are. */
const encodeName = (name: string): string =>
  isBytesOnly(name) ? bytesOfName(name).toString("hex").replace(/../g, "%$&") : encodeURIComponent(name);
