// npx tsx bench/model/views/people.ts SR4KIQA: how well each way of putting looks together agrees with people, on 4K
// pictures made by super-resolution (github.com/mb21100/SR4KIQA) of nine contents. The other contents are not opened: they
// are for trying what was chosen.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { plcc, srcc } from "../../../src/index.js";
import { closeEyes, type Looks, lookAt, mean, table } from "./looks.js";

const OPEN =
  "Animal1 Building1 CityStreetDay1 Face1 Nature4 People1 TextCompIn1 TextCompOut1 TextSimpIn2".split(" ");

const [folder = "."] = process.argv.slice(2);
const rated = readFileSync(join(folder, "MOS.csv"), "utf8")
  .trim()
  .split(/\r?\n/)
  .map((row) => row.split(","))
  .map(([name = "", mos]) => ({ name, content: name.split("_")[0] ?? "", mos: Number(mos) }))
  .filter(({ name, content }) => OPEN.includes(content) && existsSync(join(folder, content, name)));

const seen: { looks: Looks; mos: number; content: string }[] = [];
for (const { name, content, mos } of rated) {
  seen.push({ looks: await lookAt(join(folder, content, name)), mos, content });
}
console.log(`${seen.length} pictures of ${OPEN.length} contents; SRCC, PLCC, mean SRCC within a content`);
table((way) => {
  const agree = (rows: typeof seen, by: typeof srcc): number =>
    by(
      rows.map(({ looks }) => way(looks)),
      rows.map(({ mos }) => mos),
    );
  const within = OPEN.map((content) =>
    agree(
      seen.filter((row) => row.content === content),
      srcc,
    ),
  );
  return [agree(seen, srcc), agree(seen, plcc), mean(within)].map((value) => value.toFixed(3)).join("  ");
});
await closeEyes();
