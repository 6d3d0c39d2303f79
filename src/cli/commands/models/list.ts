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

/** Whether a model would run on this machine, in a few words; undefined where that is not known. */
export type Fits = (model: Listed) => Promise<string | undefined>;

/** Without a name the list; with one, what is known of it. */
export const run = (args: readonly string[], flags: ListFlags, io: Io): Promise<number> =>
  showModels(args, flags, io);

/** @param fits makes a column of its own, where it is given. */
export async function showModels(
  [name]: readonly string[],
  { json = false }: ListFlags,
  io: Io,
  fits?: Fits,
): Promise<number> {
  const all = await inventory();
  const models = name === undefined ? all : [await one(all, name)];
  const fitting = fits && (await Promise.all(models.map(fits)));
  const style = styleFor(io.stdout);
  const text = json
    ? JSON.stringify(asJson(models, fitting, name !== undefined), null, 2)
    : name === undefined
      ? table(models, fitting, style)
      : models.map((model) => details(model, fitting?.[0], style)).join("");
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

function table(
  models: readonly Listed[],
  fits: readonly (string | undefined)[] | undefined,
  style: Style,
): string {
  const rows = models.map((model, index) => [
    `${hereText[model.here]} ${model.name}`,
    sizeText(model),
    ...(fits ? [fits[index] ?? "–"] : []),
    model.preset ?? "–",
    model.licence ?? "–",
    model.known && "checkpoint" in model.known && model.here === "no"
      ? `${model.title} (import)`
      : model.title,
  ]);
  const head = ["  name", "size", ...(fits ? ["fits"] : []), "preset", "licence", "what"];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => width(row[column] ?? ""))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : pad(cell, (widths[column] ?? 0) + 2)))
      .join("");
  const here = models.filter((model) => model.here !== "no").length;
  const foot = `✓ ${here} here   · ${models.length - here} more: tonescore models pull <name>, or import`;
  return [style.dim(line(head)), ...rows.map(line), "", style.dim(foot)].join("\n");
}

function details(model: Listed, fits: string | undefined, style: Style): string {
  const { known } = model;
  const lines: (readonly [string, string | undefined])[] = [
    ["what", model.title],
    ["here", model.here],
    ["size", sizeText(model)],
    ["fits", fits],
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

function asJson(
  models: readonly Listed[],
  fits: readonly (string | undefined)[] | undefined,
  single: boolean,
): unknown {
  const documents = models.map(({ known, ...model }, index) => ({
    ...model,
    ...(known && "repository" in known && { repository: known.repository }),
    ...(known && "checkpoint" in known && { checkpoint: known.checkpoint }),
    ...(known && { views: known.views, measured: known.measured ?? null }),
    ...(fits && { fits: fits[index] ?? null }),
  }));
  return single ? documents[0] : { type: "models", version: 1, models: documents };
}
