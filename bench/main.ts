/** Runs benchmarks; bench/README.md says how. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Benchmark, Context } from "./context.js";
import { edge } from "./edge/edge.js";
import { isolation } from "./isolation.js";
import { findModel } from "./models.js";
import { need } from "./need.js";
import { nineQuestions } from "./nineQuestions.js";
import { oneQuestion } from "./oneQuestion.js";
import { root, scratch } from "./paths.js";
import { peers } from "./peers.js";
import { memory } from "./peakMemory.js";
import { line, markdown, type Row } from "./row.js";
import { sessions } from "./sessions.js";
import { share } from "./share.js";
import { start } from "./start.js";
import { lossesOf, ratiosOf, store, stored } from "./stored.js";
import { throughput } from "./throughput.js";
import { video } from "./video.js";
import { views } from "./views.js";

const benchmarks: Readonly<Record<string, Benchmark>> = {
  "one-question": oneQuestion,
  "nine-questions": nineQuestions,
  throughput,
  memory,
  need,
  start,
  share,
  sessions,
  isolation,
  video,
  views,
  peers,
};

/** Each is some seconds, sixty of them. */
const EDGE_ROUNDS = 3;

function chosen(names: readonly string[]): Benchmark[] {
  if (names.includes("all")) return Object.values(benchmarks);
  const list = [...Object.keys(benchmarks), "edge"].join(", ");
  if (names.length === 0) throw new Error(`Expected the name of a benchmark: all, ${list}`);
  return names.map((name) => {
    const benchmark = benchmarks[name];
    if (!benchmark) throw new Error(`Expected a benchmark of all, ${list}, but received ${name}`);
    return benchmark;
  });
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: "string", default: "bundled" },
      server: { type: "string", default: join(root, "build", "llama-server", "bin", "llama-server") },
      rounds: { type: "string" },
      store: { type: "boolean", default: false },
    },
  });
  if (positionals.join() === "edge") return edge(Number(values.rounds ?? EDGE_ROUNDS));
  const [first, ...others] = positionals;
  const isCheck = first === "check";
  const wanted = chosen(isCheck ? (others.length > 0 ? others : ["all"]) : positionals);
  const model = findModel(values.model);
  const rounds = Number(values.rounds ?? model.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`Expected --rounds to be a whole number above 0, but received ${values.rounds}`);
  }
  await mkdir(scratch, { recursive: true });
  const context: Context = { model, server: values.server, threads: 2, rounds };
  const before = isCheck ? await stored(model.name) : {};
  const rows: Row[] = [];
  for (const benchmark of wanted) {
    const found = await benchmark(context);
    for (const row of found) console.log(line(row));
    rows.push(...found);
  }
  console.log(`\n${markdown(model.name, rows)}`);
  const losses = lossesOf(before, ratiosOf(rows));
  for (const loss of losses) console.error(loss);
  if (losses.length > 0) process.exitCode = 1;
  if (values.store) await store(model.name, rows);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
