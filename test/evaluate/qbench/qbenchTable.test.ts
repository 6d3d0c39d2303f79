import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { qbenchTable } from "../../../src/evaluate/qbench/qbenchTable.js";
import { publishedSoftmax } from "../../../src/evaluate/qbench/publishedSoftmax.js";
import { failure } from "../../media/helpers.js";
import { cli } from "../../cli/fakes.js";
import { folderOf } from "../datasets/folder.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** As the authors write them: objects one after another. The MOS is text in some. */
function rawLogits(
  rows: readonly (readonly [mos: number, good: number, poor: number])[],
  good = "good",
  poor = "poor",
): string {
  return rows
    .map(([mos, a, b], index) =>
      JSON.stringify({
        img_path: `${index}.jpg`,
        gt_score: `${mos} `,
        [`logit_${good}`]: a,
        [`logit_${poor}`]: b,
      }),
    )
    .join("");
}

const rising: [number, number, number][] = [
  [1, 10, 12],
  [2, 11, 12],
  [3, 12.5, 12],
  [4, 13, 12],
];

describe("Q-Bench's raw logits", () => {
  it("give its table: models by folder, datasets by file", async () => {
    const falling = rising.map(([mos, good, poor]): [number, number, number] => [-mos, good, poor]);
    await using folder = await folderOf({
      "llava/koniq.json": rawLogits(rising),
      "llava/notes.json": "{}",
      "instructblip_t5/koniq.json": `[${rawLogits(falling, "high", "low").replaceAll("}{", "},{")}]`,
      "eval.ipynb": "{}",
    });
    const cells = await qbenchTable(folder.path);
    expect(cells.map(({ model, dataset, n, srcc }) => [model, dataset, n, srcc])).to.deep.equal([
      ["instructblip_t5", "KonIQ-10k", 4, -1],
      ["llava", "KonIQ-10k", 4, 1],
    ]);
    const { code, out } = await cli(["evaluate", "--from-logits", folder.path]);
    expect(code).to.equal(0);
    expect(out)
      .to.match(/^SRCC\/PLCC +KonIQ-10k\n/)
      .and.match(/^llava +1\.000\/0\.9\d\d$/m);
    const csv = await cli(["evaluate", "--from-logits", folder.path, "--format", "csv"]);
    expect(csv.out).to.match(/^llava,KonIQ-10k,4,1,0\.9\d+,1\r$/m);
  });

  it("of CGIQA-6K are two sets of 3000, whatever stands behind them", async () => {
    const rows = Array.from({ length: 6001 }, (_, index): [number, number, number] => {
      const mos = index < 3000 ? index : index < 6000 ? -index : 1e6;
      return [mos, index % 3000, 0];
    });
    await using folder = await folderOf({
      "llava/cgi.json": rawLogits(rows.map(([mos, good, poor]) => [mos, good / 100, poor])),
    });
    const [cell] = await qbenchTable(folder.path);
    expect(cell?.srcc).to.be.closeTo(0, 1e-12); // +1 and -1
    expect(cell?.n).to.equal(6001);
  });

  it("are scored by exponentials that are rounded correctly", () => {
    // Python: math.exp(17.5 / 100) / (math.exp(17.5 / 100) + math.exp(17.375 / 100)), with glibc.
    expect(publishedSoftmax(17.5, 17.375)).to.equal(0.5003124999593098);
    expect(publishedSoftmax(-3.0, -8.375)).to.equal(0.5134342657862693);
    expect(publishedSoftmax(5, 5)).to.equal(0.5);
  });

  it("may come through a pipe, which is read once", async () => {
    await using folder = await folderOf({ "a.json": rawLogits(rising) });
    const program = `cat "$1" | "$0" --import tsx src/cli/main.ts evaluate --from-logits /dev/stdin -f csv`;
    const argv = ["-c", program, process.execPath, join(folder.path, "a.json")];
    const { stdout, stderr } = spawnSync("sh", argv, { cwd: root, encoding: "utf8" });
    expect(stdout, stderr).to.match(/^qbench,,4,,1,/m);
  });

  it("are told from other folders and files", async () => {
    await using folder = await folderOf({ "a/b.txt": "x", "bad/koniq.json": rawLogits(rising, "yes", "no") });
    expect((await failure(qbenchTable(folder.path), "ERR_DATASET")).message).to.match(
      /logit_good and logit_poor of 0\.jpg/,
    );
    await using empty = await folderOf({ "a/b.txt": "x" });
    expect((await failure(qbenchTable(empty.path), "ERR_DATASET")).message).to.include(
      "llava_v1.5/koniq.json",
    );
    const { err, code } = await cli(["evaluate", "--from-logits", empty.path, "-p", "qboost"]);
    expect([code, err]).to.satisfy(
      ([exit, text]: [number, string]) => exit === 2 && text.includes("as published"),
    );
  });
});
