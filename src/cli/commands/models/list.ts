import { fitsHere } from "../../../models/fitsHere.js";
import { type Listed, inventory } from "../../../models/inventory.js";
import { whichModel } from "../../../models/named.js";
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
  showModels(args, flags, io, fitsHere);

/** Whether there is memory for a model, in a few words; undefined where that is not known. */
type Fits = (model: Listed) => Promise<string | undefined>;
type Shown = Listed & { readonly fits: string | undefined };

export async function showModels(
  [name]: readonly string[],
  { json = false }: ListFlags,
  io: Io,
  fits: Fits,
): Promise<number> {
  const all = await inventory();
  const chosen = name === undefined ? all : [await one(all, name)];
  const models = await Promise.all(chosen.map(async (model) => ({ ...model, fits: await fits(model) })));
  const style = styleFor(io.stdout);
  const text = json
    ? JSON.stringify(asJson(models, name !== undefined), null, 2)
    : name === undefined
      ? table(models, style)
      : models.map((model) => details(model, style)).join("");
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
const hereText: Readonly<Record<Listed["here"], string>> = {
  bundled: "✓",
  downloaded: "✓",
  imported: "✓",
  no: "·",
};

function table(models: readonly Shown[], style: Style): string {
  const rows = models.map((model) => [
    `${hereText[model.here]} ${model.name}`,
    sizeText(model),
    model.fits ?? "–",
    model.preset ?? "–",
    model.known && "checkpoint" in model.known && model.here === "no"
      ? `${model.title} (import)`
      : model.title,
    model.licence ?? "–",
  ]);
  const head = ["  name", "size", "fits", "preset", "what", "licence"];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => width(row[column] ?? ""))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : pad(cell, (widths[column] ?? 0) + 2)))
      .join("");
  const here = models.filter((model) => model.here !== "no").length;
  const foot = `✓ ${here} here   · ${models.length - here} more: tonescore models pull <name>, or import`;
  return [style.dim(line(head)), ...rows.map(line), "", style.dim(foot)].join("\n");
}

function details(model: Shown, style: Style): string {
  const { known } = model;
  const lines: (readonly [string, string | undefined])[] = [
    ["what", model.title],
    ["here", model.here],
    ["size", sizeText(model)],
    ["fits", model.fits],
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

function asJson(models: readonly Shown[], single: boolean): unknown {
  const documents = models.map(({ known, ...model }) => ({
    ...model,
    fits: model.fits ?? null,
    ...(known && "repository" in known && { repository: known.repository }),
    ...(known && "checkpoint" in known && { checkpoint: known.checkpoint }),
    ...(known && { views: known.views, measured: known.measured ?? null }),
  }));
  return single ? documents[0] : { type: "models", version: 1, models: documents };
}
