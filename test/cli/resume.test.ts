import { appendFile, link, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { basename, relative } from "node:path";
import { expect } from "chai";
import type { Result } from "../../src/results/result.js";
import { cli, fakeHeader, fakeIo, folderWith, resultsOf, type Folder } from "./fakes.js";

const names = ["a-0.30.mp4", "b-0.20.jpg", "c-0.10.jpg"];
const pathsOf = (results: readonly Result[]) => results.map((result) => result.input.path);

/** Runs with --resume into `out.ndjson` of the folder. */
const resume = (folder: Folder, ...more: string[]) =>
  cli([...names.map((name) => folder.file(name)), "-o", folder.file("out.ndjson"), "--resume", ...more]);

describe("cli: --resume", () => {
  it("starts where there is no file, and has nothing to do when all is done", async () => {
    await using folder = await folderWith(...names);
    const first = await resume(folder);
    expect(first.code).to.equal(0);
    const whole = await readFile(folder.file("out.ndjson"), "utf8");
    expect(resultsOf(whole)).to.have.length(3);
    const second = await resume(folder);
    expect(second.code).to.equal(0);
    expect(second.scorer?.drawn).to.deep.equal([]);
    expect(await readFile(folder.file("out.ndjson"), "utf8")).to.equal(whole);
    expect(second.err).to.include("3 scored: mean 0.200").and.to.include("; 3 of them by an earlier run\n");
  });

  it("repeats nothing and loses nothing, at whatever byte the run was killed", async () => {
    await using folder = await folderWith(...names);
    await resume(folder);
    const file = folder.file("out.ndjson");
    const whole = await readFile(file);
    const lastLines = whole.lastIndexOf("\n", whole.lastIndexOf("\n", whole.length - 2) - 1) - 2;
    for (let length = 0; length <= whole.length; length++) {
      if (length === 40) length = lastLines; // within the header and the first lines, one byte is like another
      await writeFile(file, whole.subarray(0, length));
      const { code, err } = await resume(folder);
      if (code !== 0) expect.fail(`killed after ${length} bytes: ${err}`);
      const now = await readFile(file);
      if (!now.equals(whole)) expect.fail(`killed after ${length} bytes: ${now.toString()}`);
    }
  });

  it("goes on after Ctrl-C", async () => {
    await using folder = await folderWith(...names);
    const io = fakeIo();
    const argv = [...names.map((name) => folder.file(name)), "-o", folder.file("out.ndjson"), "--resume"];
    const before = (input: { path: string }): void => {
      if (input.path.includes("b-")) io.pressCtrlC();
    };
    expect((await cli(argv, { io, before })).code).to.equal(130);
    const { code, scorer } = await resume(folder);
    expect(code).to.equal(0);
    expect(scorer?.drawn).to.have.length(2);
    const results = resultsOf(await readFile(folder.file("out.ndjson"), "utf8"));
    expect(pathsOf(results)).to.deep.equal(names.map((name) => folder.file(name)));
  });

  it("is refused where pictures are looked at otherwise now", async () => {
    await using folder = await folderWith(...names);
    await resume(folder);
    const argv = [...names.map((name) => folder.file(name)), "-o", folder.file("out.ndjson"), "--resume"];
    const views = { name: "detail", crops: 2, side: 512, whole: 0.2 } as const;
    const { code, err } = await cli(argv, { header: { views } });
    expect(code).to.equal(2);
    expect(err).to.include('views: nothing there, {"name":"detail"');
  });

  it("knows a file by whatever path leads to it", async () => {
    await using folder = await folderWith(...names);
    await resume(folder);
    const whole = await readFile(folder.file("out.ndjson"), "utf8");
    await symlink(folder.path, folder.file("link"));
    const from = relative(process.cwd(), folder.path);
    for (const spelled of [
      from,
      `./${from}`,
      `${folder.path}/../${basename(folder.path)}`,
      `${folder.path}/link`,
    ]) {
      const paths = names.map((name) => `${spelled}/${name}`);
      const { code, scorer } = await cli([...paths, "-o", folder.file("out.ndjson"), "--resume"]);
      expect(code).to.equal(0);
      expect(scorer?.drawn, spelled).to.deep.equal([]);
    }
    expect(await readFile(folder.file("out.ndjson"), "utf8")).to.equal(whole);
    // A link to a picture, or a further name of it, is a row of its own.
    await link(folder.file("b-0.20.jpg"), folder.file("further-0.20.jpg"));
    const { scorer } = await cli([
      folder.file("further-0.20.jpg"),
      "-o",
      folder.file("out.ndjson"),
      "--resume",
    ]);
    expect(scorer?.drawn).to.have.length(1);
  });

  it("scores again what has changed in time or size", async () => {
    await using folder = await folderWith(...names);
    await resume(folder);
    await utimes(folder.file("a-0.30.mp4"), 1000, 1000);
    await appendFile(folder.file("b-0.20.jpg"), "more");
    const { scorer } = await resume(folder);
    expect(scorer?.drawn.map((input) => input.path)).to.deep.equal([
      folder.file("a-0.30.mp4"),
      folder.file("b-0.20.jpg"),
    ]);
    expect((await resume(folder)).scorer?.drawn).to.deep.equal([]);
  });

  it("tries failed inputs again", async () => {
    await using folder = await folderWith("broken.jpg", "a-0.30.mp4");
    const argv = [folder.path, "-o", folder.file("out.ndjson"), "--resume"];
    await cli(argv);
    const { code, scorer } = await cli(argv);
    expect(code).to.equal(1);
    expect(scorer?.drawn.map((input) => input.path)).to.deep.equal([folder.file("broken.jpg")]);
  });

  it("holds --fail-under against the earlier results too", async () => {
    await using folder = await folderWith(...names);
    await resume(folder);
    expect((await resume(folder, "--fail-under", "0.15")).code).to.equal(4);
    expect((await resume(folder, "--fail-under", "0.05")).code).to.equal(0);
  });

  it("refuses other settings, says which, and leaves the file alone", async () => {
    await using folder = await folderWith(...names);
    await resume(folder);
    const before = await readFile(folder.file("out.ndjson"), "utf8");
    const { code, err, scorer } = await resume(folder, "--fps", "2", "--scale", "percent");
    expect(code).to.equal(2);
    expect(err).to.include("it was written with other settings:\n");
    expect(err).to.include('  settings.scale: "unit" there, "percent" now\n');
    expect(err).to.include(
      '  settings.sampling: "fps 1" there, "fps 2" now\nUse those, or another file. (ERR_RESUME)\n',
    );
    expect(scorer?.drawn).to.deep.equal([]);
    expect(scorer?.closed).to.equal(true);
    expect(await readFile(folder.file("out.ndjson"), "utf8")).to.equal(before);
  });

  it("refuses another model, but not the same one elsewhere or on other threads", async () => {
    await using folder = await folderWith(...names);
    await resume(folder);
    const argv = [folder.path, "-o", folder.file("out.ndjson"), "--resume"];
    const model = { path: "/elsewhere/copy.gguf", name: "copy", sha256: "aa" };
    expect((await cli(argv, { header: { model, threads: 8 } })).code).to.equal(0);
    const other = await cli(argv, { header: { model: { ...fakeHeader.model, sha256: "ff" } } });
    expect(other.code).to.equal(2);
    expect(other.err).to.include('  model.sha256: "aa" there, "ff" now\n');
  });

  it("never touches a file that is something else", async () => {
    await using folder = await folderWith(...names);
    const file = folder.file("out.ndjson");
    for (const content of ["my notes", "my notes\n", '{"type":"other"}\n', '{"type":"header"\n', "\n"]) {
      await writeFile(file, content);
      const { code, err } = await resume(folder);
      expect(code, content).to.equal(2);
      expect(err).to.include("its first line is not the header of a tonescore run");
      expect(await readFile(file, "utf8")).to.equal(content);
    }
  });

  it("names a line in the middle that is no result", async () => {
    await using folder = await folderWith(...names);
    await resume(folder);
    const file = folder.file("out.ndjson");
    for (const damage of ["garbage\n", "3\n", "{}\n"]) {
      const [header = "", ...lines] = (await readFile(file, "utf8")).split("\n");
      await writeFile(file, `${header}\n${damage}${lines.join("\n")}`);
      const { code, err } = await resume(folder);
      expect(code).to.equal(2);
      expect(err).to.include("its line 2 is no result of this version");
      await writeFile(file, [header, ...lines].join("\n"));
    }
  });

  it("needs a file, and NDJSON", async () => {
    await using folder = await folderWith(...names);
    const noFile = await cli([folder.path, "--resume"]);
    expect(noFile.code).to.equal(2);
    expect(noFile.err).to.include(
      "Expected the file to go on with for --resume, but none is named. Name it with -o FILE. (ERR_INVALID_ARGUMENT)",
    );
    const csv = await cli([folder.path, "-o", folder.file("out.csv"), "--resume"]);
    expect(csv.code).to.equal(2);
    expect(csv.err).to.include('Expected --format ndjson for --resume but received "csv"');
    expect((await cli([folder.path, "-o", folder.path, "--resume"])).err).to.include("it is a folder");
  });
});
