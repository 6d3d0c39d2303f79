import type {
  FamilyTreatment,
  FileIdentity,
  PresetIdentities,
  PresetIdentity,
  RunHeader,
  Views,
} from "../../results/result.js";
import { type Html, markup } from "../page/html.js";

/** Which kinds of input a run had. */
export interface Kinds {
  readonly images: boolean;
  readonly videos: boolean;
}

type Row = readonly [name: string, value: Html | string | number | undefined];

export const fileCell = ({ name, sha256 }: FileIdentity): Html =>
  markup`${name}<br /><code>SHA-256 ${sha256}</code>`;

export const presetCell = ({ name, temperature, hash, prompts }: PresetIdentity): Html =>
  markup`${name}, temperature ${temperature}<br /><code>${hash}</code>${prompts.map(
    (prompt) => markup`<pre>${prompt}</pre>`,
  )}`;

function presetRows({ image, video }: PresetIdentities, kinds: Kinds): Row[] {
  if (image.hash === video.hash) return [["preset", presetCell(image)]];
  return [
    ["preset for pictures", kinds.images ? presetCell(image) : undefined],
    ["preset for videos", kinds.videos ? presetCell(video) : undefined],
  ];
}

const viewsText = ({ name, crops, side, whole }: Views): string =>
  crops === 0
    ? `${name}: once`
    : `${name}: ${percent(whole)} the whole, the rest up to ${crops} crops of ${side}×${side} at full size`;

/** What is done of itself, and what a preset may say otherwise. */
function familyText({ name, squarePad, authorsMaxTokens }: FamilyTreatment): string {
  return [
    name,
    ...(squarePad ? [`padded to squares of ${squarePad.join()} unless a preset says otherwise`] : []),
    ...(authorsMaxTokens ? [`its authors allow ${authorsMaxTokens} tokens a picture`] : []),
  ].join("; ");
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** What the scores were made with; only what bears on the kinds of input that there were. */
export function settingsSection(header: RunHeader, kinds: Kinds): Html {
  const { settings, family } = header;
  return settingsTable([
    ["model", fileCell(header.model)],
    ["picture encoder", fileCell(header.mmproj)],
    ...[header.presets, ...(header.alsoPresets ?? [])].flatMap((presets) => presetRows(presets, kinds)),
    ["template arguments", markup`<code>${JSON.stringify(header.templateArguments)}</code>`],
    ["family of models", family && familyText(family)],
    ["looks at pictures", header.views && kinds.images ? viewsText(header.views) : undefined],
    ["scale", settings?.scale],
    ["trusted from answer mass", settings?.trustThreshold],
    ["frames of videos", kinds.videos ? settings?.sampling : undefined],
    ["pooling", kinds.videos ? settings?.pooling : undefined],
    ["least tokens a picture", family?.imageMinTokens ?? settings?.imageMinTokens],
    ["most tokens a picture", family?.imageMaxTokens ?? settings?.imageMaxTokens],
    ["memory", settings?.lowMemory === true ? "as little as can be" : undefined],
    ["computed on", `${header.backend}, ${header.threads} threads`],
    ["versions", `tonescore ${header.tonescore}, llama.cpp ${header.llamaCpp}`],
  ]);
}

export function settingsTable(list: readonly Row[]): Html {
  const shown = list.filter(([, value]) => value !== undefined);
  return markup`<section>
    <h2>Settings</h2>
    <table class="settings">
      <tbody>
        ${shown.map(
          ([name, value]) =>
            markup`<tr>
              <th>${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}
