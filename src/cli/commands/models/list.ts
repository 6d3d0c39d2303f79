import { type Listed, inventory } from "../../../models/inventory.js";
import { whichModel } from "../../../models/named.js";
import { roughNeed } from "../../../native/memoryNeed.js";
import { availableMemory } from "../../../util/availableMemory.js";
import { TonescoreError } from "../../../errors.js";
import { byteText } from "../../../util/byteText.js";
import { exitCodes } from "../../exit.js";
import { streamOutput } from "../../output/output.js";
import type { Io } from "../../terminal/io.js";
import { type Style, styleFor } from "../../terminal/style.js";
import { pad, width } from "../../terminal/width.js";
import type { ListFlags } from "./options.js";

/** Without a name the list; with one, what is known of it. */
export const run = (args: readonly string[], flags: ListFlags, io: Io): Promise<number> =>
  showModels(args, flags, io, availableMemory());

/** @param free bytes of memory. */
export async function showModels(
  [name]: readonly string[],
  { json = false }: ListFlags,
  io: Io,
  free: number,
): Promise<number> {
  const all = await inventory();
  const models = name === undefined ? all : [await one(all, name)];
  const fits = ({ bytes }: Listed): boolean | undefined =>
    bytes === undefined ? undefined : roughNeed(bytes) <= free;
  const style = styleFor(io.stdout);
  const text = json
    ? JSON.stringify(asJson(models, fits, name !== undefined), null, 2)
    : name === undefined
      ? table(models, fits, style)
      : models.map((model) => details(model, fits, style)).join("");
  await streamOutput(io.stdout).write(`${text}\n`);
  return exitCodes.ok;
}

async function one(all: readonly Listed[], name: string): Promise<Listed> {
  const found = all.find((model) => model.name === name);
  if (found) return found;
  await whichModel(name); // says what is wrong with the name
  throw new TonescoreError(
    "ERR_MODEL_NOT_FOUND",
    `Nothing is known of "${name}" but what its files say: tonescore photo.jpg --model ${name}`,
  );
}

const sizeText = ({ bytes }: Listed): string => (bytes === undefined ? "–" : byteText(bytes));
/** Whether there is memory for it now; undefined where its size is not known. */
type Fits = (model: Listed) => boolean | undefined;
const fitsText = (fits: boolean | undefined): string => (fits === undefined ? "–" : fits ? "yes" : "no");
const hereText: Readonly<Record<Listed["here"], string>> = {
  bundled: "✓",
  downloaded: "✓",
  imported: "✓",
  no: "·",
};

function table(models: readonly Listed[], fits: Fits, style: Style): string {
  const rows = models.map((model) => [
    `${hereText[model.here]} ${model.name}`,
    sizeText(model),
    fitsText(fits(model)),
    model.preset ?? "–",
    model.licence ?? "–",
    model.known && "checkpoint" in model.known && model.here === "no"
      ? `${model.title} (import)`
      : model.title,
  ]);
  const head = ["  name", "size", "fits", "preset", "licence", "what"];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => width(row[column] ?? ""))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : pad(cell, (widths[column] ?? 0) + 2)))
      .join("");
  const here = models.filter((model) => model.here !== "no").length;
  const foot = `✓ ${here} here   · ${models.length - here} more: tonescore models pull <name>, or import`;
  return [style.dim(line(head)), ...rows.map(line), "", style.dim(foot)].join("\n");
}

function details(model: Listed, fits: Fits, style: Style): string {
  const { known } = model;
  const lines: (readonly [string, string | undefined])[] = [
    ["what", model.title],
    ["here", model.here],
    ["size", sizeText(model)],
    ["fits", fitsText(fits(model))],
    ["preset", model.preset],
    ["licence", model.licence],
    ["views", known?.views],
    [
      "from",
      known &&
        ("repository" in known ? known.repository : "checkpoint" in known ? known.checkpoint : undefined),
    ],
    ["measured", known && (known.measured ?? "nothing, on its real weights")],
    ["model", model.files?.model],
    ["mmproj", model.files?.mmproj],
  ];
  const shown = lines.flatMap(([label, text]) =>
    text === undefined ? [] : [`  ${style.dim(pad(label, 9))}${text}`],
  );
  return [style.bold(model.name), ...shown].join("\n");
}

function asJson(models: readonly Listed[], fits: Fits, single: boolean): unknown {
  const documents = models.map(({ known, ...model }) => ({
    ...model,
    fits: fits({ known, ...model }) ?? null,
    ...(known && "repository" in known && { repository: known.repository }),
    ...(known && "checkpoint" in known && { checkpoint: known.checkpoint }),
    ...(known && { views: known.views, measured: known.measured ?? null }),
  }));
  return single ? documents[0] : { type: "models", version: 1, models: documents };
}
