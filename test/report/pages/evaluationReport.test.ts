import { expect } from "chai";
import { fitCurves } from "../../../src/stats/curves.js";
import type { Agreement, SystemEvaluation, Evaluation } from "../../../src/results/evaluation.js";
import { evaluationReport } from "../../../src/report/pages/evaluationReport.js";
import { contentOf, textOf } from "../results.js";

const hostile = `<i onclick="x">.png`;

const rows = Array.from({ length: 20 }, (_, index) => ({
  path: index === 7 ? `set/${hostile}` : `set/${index}.png`,
  score: index / 20,
  // One picture is far from where its score would put it.
  mos: index === 7 ? 95 : 20 + 3 * index + (index % 3),
}));

function agreement(): Agreement {
  const [scores, mos] = [rows.map((row) => row.score), rows.map((row) => row.mos)];
  const curves = fitCurves(scores, mos).map((curve) => ({
    ...curve,
    plcc: { value: 0.9 },
    rmse: { value: 4 },
  }));
  const srcc = { value: 0.8123, low: 0.7, high: 0.9 };
  return { n: 20, metrics: { srcc, krcc: { value: 0.6 }, plcc: { value: -0.5 }, curves } };
}

const evaluation = (name: string, more: Partial<SystemEvaluation> = {}): SystemEvaluation => ({
  ...{ name, scale: "unit", overall: agreement(), groups: [], rows },
  ...more,
});

const report = (evaluations: readonly SystemEvaluation[], more: Partial<Evaluation> = {}): Evaluation => ({
  type: "evaluation",
  version: 1,
  tonescore: "0.1.0",
  dataset: { path: "set.csv", layout: "table", listed: 20, missing: 0, failed: 0, dmos: false },
  evaluations,
  comparisons: [],
  ...more,
});

const pageOf = (of: Evaluation): Promise<string> => textOf(evaluationReport({ report: of, base: "." }));

describe("report: evaluation", () => {
  it("shows agreement, curve, residuals, groups and the worst disagreements first", async () => {
    const groups = [{ group: "<few>", n: 2, reason: "fewer than 3 rows" }];
    const page = await pageOf(report([evaluation("qboost", { groups })]));
    expect(page).to.match(/0\.812\s*<span class="interval">\[0\.700, 0\.900\]/);
    expect(page).to.include("Residuals").and.include("&lt;few&gt;").and.include("fewer than 3 rows");
    const worst = page.slice(page.indexOf("The worst disagreements"));
    expect(worst.indexOf("MOS 95,")).to.be.within(0, worst.indexOf("MOS ", worst.indexOf("MOS 95,") + 1));
    expect(worst.split(`class="tile"`)).to.have.length(13);
    expect(page).not.to.include("<i onclick");
    expect(contentOf(page)).not.to.match(/NaN|Infinity/);
  });

  it("is whole where no correlation exists", async () => {
    const overall = { n: 2, reason: "fewer than 3 rows, so no correlation exists" };
    const page = await pageOf(report([evaluation("qboost", { overall, rows: rows.slice(0, 2) })]));
    expect(page).to.include("so no correlation exists").and.not.include("Residuals");
    expect(contentOf(page)).not.to.match(/NaN|Infinity/);
  });

  it("puts several evaluations side by side, with their differences", async () => {
    const difference = { value: -0.05, low: -0.1, high: 0.01 };
    const comparisons = [{ first: "a", second: "b", srcc: difference, krcc: difference, plcc: difference }];
    const page = await pageOf(report([evaluation("a"), evaluation("b")], { comparisons }));
    expect(page).to.include("Side by side").and.include("a − b").and.include("[−0.100, 0.010]");
    expect(page.split("The worst disagreements")).to.have.length(3);
  });
});
