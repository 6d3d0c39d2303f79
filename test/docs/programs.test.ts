import { expect } from "chai";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { codeBlocks, docsFile } from "./codeBlocks.js";

const run = promisify(execFile);
const examples = docsFile("../examples/");

/** Below the package, so that a program finds it by its name. */
const folders = docsFile("../build/docs/");

/** The files that the pages' programs name. */
async function lay(folder: string): Promise<void> {
  const holiday = join(folder, "holiday");
  await mkdir(holiday);
  const pictures = ["rider.jpg", "burger.jpg", "rider-blurred.jpg", "rider-noisy.jpg"];
  for (const name of pictures) await cp(join(examples, name), join(holiday, name));
  await cp(join(examples, "rider.jpg"), join(folder, "photo.jpg"));
  await cp(join(examples, "clip.mp4"), join(folder, "clip.mp4"));
  const rows = pictures.map((name, index) => `holiday/${name},${5 - index}\n`);
  await writeFile(join(folder, "list.csv"), `path,mos\n${rows.join("")}`);
}

for (const page of ["library.md", "video.md"]) {
  describe(`docs/${page}`, () => {
    let folder: string;
    before(async () => {
      await mkdir(folders, { recursive: true });
      folder = await mkdtemp(folders);
      await lay(folder);
    });
    after(() => rm(folder, { recursive: true }));

    for (const [index, program] of codeBlocks(page, "js").entries()) {
      it(`has a program, number ${index + 1}, that runs and prints`, async () => {
        const file = join(folder, `${index}.mjs`);
        await writeFile(file, program);
        const { stdout } = await run(process.execPath, [file], { cwd: folder });
        expect(stdout).not.to.equal("");
      });
    }
  });
}
