import type { ComparedPicture, PairedComparison } from "../../results/comparison.js";
import { closeUp } from "../pictures/anyPicture.js";
import { comparedTable, scoresTable } from "../sections/comparisonTables.js";
import { linkTo } from "../sections/contactSheet.js";
import { errorsSection } from "../sections/errorsSection.js";
import { signed } from "../sections/estimate.js";
import { type Html, markup } from "../page/html.js";
import { renderPage } from "../page/renderPage.js";
import type { PictureSource } from "../pictures/pictureSource.js";
import { differencesPlot } from "../plots/differences.js";
import { ladderPlot } from "../plots/ladder.js";
import { settingsSection } from "../sections/settings.js";

const MOST_PAIRS = 12;
const DIGITS = 3;

export interface ComparisonPage {
  readonly comparison: PairedComparison;
  /** The folder that the page will be in. */
  readonly base: string;
  readonly source?: PictureSource;
}

/** A page about what `tonescore compare` found out, piece by piece. */
export function comparisonReport(page: ComparisonPage): AsyncGenerator<string> {
  const { versions, pictures } = page.comparison;
  return renderPage({
    kind: "comparison",
    title: versions.map(({ name }) => name).join(" · "),
    about: `${pictures.length} in ${versions.length} versions; the first, ${versions[0]?.name ?? ""}, is the baseline`,
    sections: sections(page),
  });
}

async function* sections(page: ComparisonPage): AsyncGenerator<Html> {
  const { versions, pictures, unpaired, errors, header } = page.comparison;
  const ladder = pictures.length > 0 ? ladderPlot(versions, DIGITS) : undefined;
  yield markup`<section>${comparedTable(versions, DIGITS)}</section>`;
  if (ladder) {
    yield markup`<section>
      <h2>Score against size</h2>
      <p class="note">Means over all pictures; the bars are 95 % intervals of the paired difference. The last number of a version's name is its step; versions that share the rest of their names are one series, and joined.</p>
      ${ladder}
    </section>`;
  }
  if (pictures.length > 1) {
    yield markup`<section>
      <h2>Differences from ${versions[0]?.name}</h2>
      <p class="note">A dot a picture; the diamond is the mean, the bar its 95 % interval.</p>
      ${differencesPlot(versions, pictures, DIGITS)}
    </section>`;
  }
  yield* largestDifferences(page);
  if (pictures.length > 1) yield scoresTable(versions, pictures, DIGITS);
  if (unpaired.length > 0) yield unpairedSection(unpaired);
  if (errors.length > 0) yield errorsSection(errors);
  if (header)
    yield settingsSection(header, {
      images: true,
      videos: header.presets.image.hash !== header.presets.video.hash,
    });
}

/** For each picture the version that is furthest from the baseline, the furthest first. */
function furthest(
  pictures: readonly ComparedPicture[],
): { picture: ComparedPicture; index: number; difference: number }[] {
  const most = pictures.map((picture) => {
    const differences = picture.items.map((item) => item.difference);
    const index = differences.reduce(
      (best, one, at) => (Math.abs(one) > Math.abs(differences[best] ?? 0) ? at : best),
      0,
    );
    return { picture, index, difference: differences[index] ?? 0 };
  });
  return most
    .filter(({ difference }) => difference !== 0)
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
    .slice(0, MOST_PAIRS);
}

async function* largestDifferences({ comparison, base, source = {} }: ComparisonPage): AsyncGenerator<Html> {
  const { versions, pictures } = comparison;
  const pairs = furthest(pictures);
  if (pairs.length === 0) return;
  yield markup`<section>
    <h2>The largest differences</h2>
    <p class="note">The middle of each picture, pixel for pixel: ${versions[0]?.name} to the left, the version that is furthest from it to the right.</p>
    <ol class="pairs">`;
  for (const { picture, index, difference } of pairs) {
    const sides = [0, index].map(async (at) => {
      const path = picture.items[at]?.path;
      return markup`<a href="${linkTo(path, base)}"><div class="picture">${await closeUp(path, source)}</div></a>`;
    });
    yield markup`<li>
      <div class="pair">${await Promise.all(sides)}</div>
      <div class="caption">
        <b>${signed(difference, DIGITS)}</b>
        <span>${versions[index]?.name}: ${picture.items[0]?.score.toFixed(DIGITS)} → ${picture.items[index]?.score.toFixed(DIGITS)}</span>
      </div>
      <div class="name">${picture.name}</div>
    </li>`;
  }
  yield markup`</ol></section>`;
}

function unpairedSection(unpaired: PairedComparison["unpaired"]): Html {
  return markup`<section>
    <h2>Not in every version</h2>
    <table><tbody>${unpaired.map(
      ({ version, lacks }) =>
        markup`<tr><th class="term">${version} lacks</th><td>${lacks.join(", ")}</td></tr>`,
    )}</tbody></table>
  </section>`;
}
