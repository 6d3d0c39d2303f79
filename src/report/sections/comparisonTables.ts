import type { ComparedPicture, ComparedVersion } from "../../results/comparison.js";
import { byteText } from "../../util/byteText.js";
import { estimateText, signed } from "./estimate.js";
import { type Html, markup } from "../page/html.js";

/** The versions side by side. */
export function comparedTable(versions: readonly ComparedVersion[], digits: number): Html {
  const titles = ["score", "difference", "better", "bits/pixel", "size"];
  return markup`<div class="scroll"><table>
    <thead><tr><th></th>${titles.map((title) => markup`<th class="number">${title}</th>`)}</tr></thead>
    <tbody>${versions.map((version, index) => versionRow(version, index === 0, digits))}</tbody>
  </table></div>
  <p class="note">Differences are paired, from the first version; in brackets 95 % intervals of the bootstrap. Better: on how many pictures a version scores higher.</p>`;
}

function versionRow(version: ComparedVersion, isBaseline: boolean, digits: number): Html {
  const { name, score, difference, better, equal, worse, bitsPerPixel, bytes } = version;
  const cells = [
    score.value.toFixed(digits),
    isBaseline ? undefined : estimateText(difference, (value) => signed(value, digits)),
    isBaseline ? undefined : `${better} of ${better + equal + worse}`,
    bitsPerPixel?.toFixed(3),
    bytes === undefined ? undefined : byteText(bytes),
  ];
  return markup`<tr><th class="term">${name}</th>${cells.map((cell) => markup`<td class="number">${cell}</td>`)}</tr>`;
}

/** Every picture's score in every version, those that lost the most first. */
export function scoresTable(
  versions: readonly ComparedVersion[],
  pictures: readonly ComparedPicture[],
  digits: number,
): Html {
  const lowest = ({ items }: ComparedPicture): number => Math.min(...items.map((item) => item.difference));
  const rows = pictures
    .toSorted((a, b) => lowest(a) - lowest(b))
    .map(
      ({ name, items }) =>
        markup`<tr><th class="term">${name}</th>${items.map(
          ({ score, difference }, index) =>
            markup`<td class="number">${score.toFixed(digits)} ${
              index === 0 ? undefined : markup`<span class="interval">${signed(difference, digits)}</span>`
            }</td>`,
        )}</tr>`,
    );
  return markup`<section>
    <h2>All pictures</h2>
    <div class="scroll"><table>
      <thead><tr><th></th>${versions.map(({ name }) => markup`<th class="number">${name}</th>`)}</tr></thead>
      <tbody>${rows}</tbody>
    </table></div>
  </section>`;
}
