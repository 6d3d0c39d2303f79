import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { TonescoreError } from "../../../src/errors.js";
import { cli, fakeIo, FakeStream, folderWith, resultsOf } from "../fakes.js";

/** A stream that takes so many writes, and then fails. */
class FailingStream extends FakeStream {
  constructor(
    private left: number,
    private readonly failure: string,
  ) {
    super();
    this.on("error", () => undefined);
  }

  override _write(chunk: Buffer, encoding: string, done: (error?: Error) => void): void {
    if (this.left-- > 0) super._write(chunk, encoding, done);
    else done(Object.assign(new Error(this.failure), { code: this.failure }));
  }
}

describe("cli: output", () => {
  it("goes to a file in the format of its name, and nothing to standard output", async () => {
    await using folder = await folderWith("0.75.jpg");
    const starts = {
      json: '{"header":',
      jsonl: '{"type":"header"',
      csv: "path,",
      txt: "path ",
    };
    for (const [extension, start] of Object.entries(starts)) {
      const file = folder.file(`out.${extension}`);
      const { code, out } = await cli([folder.file("0.75.jpg"), "-o", file], {
        io: fakeIo(new FakeStream(100, true)),
      });
      expect(code).to.equal(0);
      expect(out).to.equal("");
      const text = await readFile(file, "utf8");
      expect(text.startsWith(start), extension).to.equal(true);
      expect(text).not.to.include("\x1b");
    }
  });

  it("replaces an older file, JSON only when it is complete", async () => {
    await using folder = await folderWith("a-0.75.jpg", "b-0.75.jpg");
    const file = folder.file("out.json");
    await cli([folder.file("a-0.75.jpg"), "-o", file]);
    const older = await readFile(file, "utf8");
    const seen: string[] = [];
    const { code } = await cli([folder.path, "-o", file], {
      before: async () => void seen.push(await readFile(file, "utf8")),
    });
    expect(code).to.equal(0);
    expect(seen).to.deep.equal([older, older]);
    expect(JSON.parse(await readFile(file, "utf8")))
      .to.have.property("results")
      .with.length(2);
    expect(await readdir(folder.path)).not.to.include("out.json.partial");
  });

  it("writes each line before the next input is scored", async () => {
    await using folder = await folderWith("a-0.75.jpg", "b-0.75.jpg", "c-0.75.jpg");
    for (const extension of ["ndjson", "csv"]) {
      const file = folder.file(`out.${extension}`);
      const lines: number[] = [];
      await cli([folder.path, "-o", file], {
        before: async () => void lines.push((await readFile(file, "utf8")).trimEnd().split("\n").length),
      });
      expect(lines, extension).to.deep.equal([1, 2, 3]);
    }
  });

  it("follows a link, and leaves devices what they are", async () => {
    await using folder = await folderWith("0.75.jpg");
    await writeFile(folder.file("real.json"), "");
    await symlink(folder.file("real.json"), folder.file("link.json"));
    await cli([folder.file("0.75.jpg"), "-o", folder.file("link.json")]);
    expect(await readFile(folder.file("real.json"), "utf8")).to.match(/^\{"header":/);
    const { code } = await cli([folder.file("0.75.jpg"), "-o", "/dev/null", "-f", "json"]);
    expect(code).to.equal(0);
    expect(await readFile("/dev/null", "utf8")).to.equal("");
  });

  it("says what is wrong with a place that cannot be written", async () => {
    await using folder = await folderWith("0.75.jpg");
    await mkdir(folder.file("folder"));
    const missing = await cli([folder.file("0.75.jpg"), "-o", folder.file("none/out.csv")]);
    expect(missing.code).to.equal(1);
    expect(missing.err).to.match(
      /^tonescore: Cannot write to .*none\/out\.csv: its folder does not exist\. \(ERR_OUTPUT\)\n$/,
    );
    expect(missing.scorer).to.equal(undefined);
    const aFolder = await cli([folder.file("0.75.jpg"), "-o", folder.file("folder")]);
    expect(aFolder.err).to.include("it is a folder. (ERR_OUTPUT)");
  });

  it("says once that the disk is full, and exits with 1", async function () {
    await using folder = await folderWith("0.75.jpg", "0.50.jpg");
    const { code, err, scorer } = await cli([folder.path, "-o", "/dev/full"]);
    expect(code).to.equal(1);
    expect(err).to.equal("tonescore: Cannot write to /dev/full: the disk is full. (ERR_OUTPUT)\n");
    expect(scorer?.closed).to.equal(true);
    const full = fakeIo(new FailingStream(2, "ENOSPC"));
    const piped = await cli([folder.path], { io: full });
    expect(piped.code).to.equal(1);
    expect(piped.err).to.equal(
      "tonescore: Cannot write to standard output: the disk is full. (ERR_OUTPUT)\n",
    );
    expect(resultsOf(piped.out)).to.have.length(1);
  });

  it("ends quietly when the reader has seen enough", async () => {
    await using folder = await folderWith("a-0.75.jpg", "b-0.75.jpg", "c-0.75.jpg");
    const { code, err, scorer } = await cli([folder.path], { io: fakeIo(new FailingStream(2, "EPIPE")) });
    expect(code).to.equal(0);
    expect(err).to.equal("");
    expect(scorer?.drawn).to.have.length(2);
    expect(scorer?.closed).to.equal(true);
  });

  it("leaves a whole document where the run itself fails", async () => {
    await using folder = await folderWith("a-0.75.jpg", "b-0.75.jpg");
    const file = folder.file("out.json");
    const { code, err } = await cli([folder.path, "-o", file], {
      before: (input) => {
        if (input.path.includes("b-")) throw new TonescoreError("ERR_OUT_OF_MEMORY", "No memory left.");
      },
    });
    expect(code).to.equal(3);
    expect(err).to.include("No memory left. (ERR_OUT_OF_MEMORY)\n");
    expect(JSON.parse(await readFile(file, "utf8")))
      .to.have.property("results")
      .with.length(1);
  });
});
