import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Kind, Mutant } from "../kind.js";
import { mutateText } from "../mutateText.js";
import { PICTURES, type Prepared, QUICK_MODEL } from "../prepared.js";
import type { Sandbox } from "../sandbox.js";
import type { Seed } from "../seeds/seed.js";

const REASON = /\(ERR_\w+\)|error:|have no score/;

/** A file, and a command line that reads it. */
interface TextSeed extends Seed {
  args(file: string, sandbox: Sandbox): readonly string[];
}

/** Files of text, each read by a process of its own; a bad one is told by the exit code. */
function textKind(name: string, seeds: readonly TextSeed[]): Kind {
  const seedOf = new Map<number, TextSeed>();
  const fileOf = ({ name: file }: Mutant, sandbox: Sandbox): string => sandbox.path("in", String(file));
  return {
    ...{ name, atOnce: 1, exitCodes: [0, 1, 2], memory: 1e9 },
    mutate(index, random) {
      const [seed, other] = [random.pick(seeds), random.pick(seeds)];
      seedOf.set(index, seed);
      const { bytes, how } = mutateText(seed.bytes, other.bytes, random);
      return {
        index,
        name: Buffer.from(`mutant-${index}.${seed.extension}`),
        bytes,
        how: `${seed.name}: ${how}`,
      };
    },
    args: ([mutant], sandbox) =>
      mutant ? [...(seedOf.get(mutant.index)?.args(fileOf(mutant, sandbox), sandbox) ?? [])] : [],
    check({ code, stdout, stderr }) {
      const told = code === 0 || REASON.test(stderr + stdout);
      return { taken: code === 0 ? 1 : 0, problems: told ? [] : ["it failed without saying why"] };
    },
  };
}

const names = Array.from({ length: PICTURES }, (_, index) => `p-${index}.jpg`);
const rows = names.map((path, index) => ({ path, mos: 5 - index / 2, group: index % 2 ? "odd" : "even" }));
const separated = (by: string): string =>
  ["path", ...rows.map(({ path }) => path)]
    .map((path, index) => [path, index === 0 ? "mos" : rows[index - 1]?.mos].join(by))
    .join("\n");

export async function lists(prepared: Prepared): Promise<Kind> {
  const xlsx = await readFile(fileURLToPath(new URL("../../fixtures/evaluate/spaq.xlsx", import.meta.url)));
  const texts: readonly (readonly [name: string, extension: string, bytes: Buffer])[] = [
    ["CSV", "csv", Buffer.from(separated(","))],
    [
      "CSV of Excel",
      "csv",
      Buffer.from(`sep=;\r\n${separated(";").replaceAll(".5", ",5").replaceAll("\n", "\r\n")}\r\n;;\r\n`),
    ],
    ["TSV", "tsv", Buffer.from(separated("\t"))],
    ["JSON", "json", Buffer.from(JSON.stringify(rows))],
    ["NDJSON", "ndjson", Buffer.from(rows.map((row) => JSON.stringify(row)).join("\n"))],
    ["XLSX", "xlsx", xlsx],
  ];
  const args = (file: string): string[] => [
    ...["evaluate", file, "--folder", prepared.path("pictures"), "--allow-missing", "--bootstrap", "0"],
    ...["--from-logits", prepared.path("scores.ndjson")],
  ];
  return textKind(
    "lists",
    texts.map(([name, extension, bytes]) => ({ name, extension, bytes, args })),
  );
}

export async function results(prepared: Prepared): Promise<Kind> {
  const list = prepared.path("pictures/list.csv");
  const read = async (file: string, name: string, args: TextSeed["args"]): Promise<TextSeed> => ({
    ...{ name, extension: file.replace(/^.*\./, ""), args },
    bytes: await prepared.read(file),
  });
  const report: TextSeed["args"] = (file, sandbox) => [
    "report",
    file,
    "-o",
    sandbox.path("out", "page.html"),
  ];
  const evaluate: TextSeed["args"] = (file) => ["evaluate", list, "--from-logits", file, "--bootstrap", "0"];
  const qbench = rows.map(({ path, mos }) => ({
    img_path: path,
    gt_score: mos,
    logit_good: mos,
    logit_poor: 3,
  }));
  const picture = prepared.path("pictures/p-1.jpg");
  return textKind("results", [
    await read("scores.ndjson", "scores, for a report", report),
    await read("scores.json", "scores in JSON, for a report", report),
    await read("comparison.json", "a comparison, for a report", report),
    await read("evaluation.json", "an evaluation, for a report", report),
    await read("scores.ndjson", "scores, compared", (file) => [
      "compare",
      file,
      prepared.path("scores.ndjson"),
    ]),
    await read("scores.ndjson", "scores, evaluated", evaluate),
    await read("scores.json", "scores in JSON, evaluated", evaluate),
    await read("scores.ndjson", "scores, gone on with", (file) => [
      picture,
      ...QUICK_MODEL,
      "-o",
      file,
      "--resume",
    ]),
    await read("calibration.json", "a calibration", (file) => [
      picture,
      ...QUICK_MODEL,
      "--calibration",
      file,
    ]),
    {
      ...{ name: "logits of Q-Bench", extension: "json", bytes: Buffer.from(JSON.stringify(qbench)) },
      args: (file) => ["evaluate", "--from-logits", file, "-p", "qbench", "--bootstrap", "0"],
    },
  ]);
}

export async function presets(prepared: Prepared): Promise<Kind> {
  const { presets: builtIn } = await import("../../../src/prompts/presets.js");
  const { namedTemplates } = await import("../../../src/prompts/namedTemplates.js");
  const picture = prepared.path("pictures/p-1.jpg");
  const seed = (name: string, extension: string, text: string, option: string): TextSeed => ({
    ...{ name, extension, bytes: Buffer.from(text) },
    args: (file) => [picture, ...QUICK_MODEL, option, file],
  });
  return textKind("presets", [
    ...["qboost-ensemble", "qalign"].map((name) =>
      seed(`preset ${name}`, "json", JSON.stringify(builtIn.get(name), null, 1), "-p"),
    ),
    ...[...namedTemplates].map(([name, text]) => seed(`template ${name}`, "jinja", text, "--template")),
  ]);
}
