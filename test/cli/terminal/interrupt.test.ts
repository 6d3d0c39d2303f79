import { spawnSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { TonescoreError } from "../../../src/errors.js";
import { cli, fakeIo, FakeStream, folderWith, resultsOf } from "../fakes.js";

describe("cli: Ctrl-C", () => {
  it("stops in good order: what was scored is written, and the exit code is 130", async () => {
    await using folder = await folderWith("a-0.75.jpg", "b-0.50.jpg", "c-0.25.jpg");
    const io = fakeIo();
    const { code, out, err, scorer } = await cli([folder.path], {
      io,
      before: (input) => {
        if (input.path.includes("b-")) io.pressCtrlC();
      },
    });
    expect(code).to.equal(130);
    expect(resultsOf(out)).to.have.length(1);
    expect(err).to.include("stopping; press Ctrl-C again to stop at once\n");
    expect(err).to.include("stopped after 1 of 3\n").and.to.include("1 scored: mean 0.750");
    expect(err).not.to.include("ERR_ABORTED");
    expect(scorer?.closed).to.equal(true);
    expect(io.exits).to.deep.equal([]);
  });

  it("leaves a JSON file whole", async () => {
    await using folder = await folderWith("a-0.75.jpg", "b-0.50.jpg");
    const io = fakeIo();
    const { code } = await cli([folder.path, "-o", folder.file("out.json")], {
      io,
      before: (input) => {
        if (input.path.includes("b-")) io.pressCtrlC();
      },
    });
    expect(code).to.equal(130);
    const text = await readFile(folder.file("out.json"), "utf8");
    expect(JSON.parse(text)).to.have.property("results").with.length(1);
  });

  it("clears the progress line before the table's summary", async () => {
    await using folder = await folderWith("a-0.75.jpg", "b-0.50.jpg", "c-0.25.jpg");
    const terminal = new FakeStream(200);
    const io = fakeIo(terminal, terminal);
    await cli([folder.path], {
      io,
      before: async (input) => {
        if (input.path.includes("a-")) return;
        io.pressCtrlC();
        await delay(130);
      },
    });
    expect(terminal.text).to.match(/\r.\[2K1 scored: .*\ntonescore: stopped after 1 of 3\n$/);
  });

  it("stops at once when pressed again", async () => {
    await using folder = await folderWith("a-0.75.jpg");
    const io = fakeIo();
    await cli([folder.path], {
      io,
      before: () => {
        io.pressCtrlC();
        expect(io.exits).to.deep.equal([]);
        io.pressCtrlC();
        expect(io.exits).to.deep.equal([130]);
      },
    });
    expect(io.exits).to.deep.equal([130]);
  });

  for (const [signal, exit] of [
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    it(`is ${signal} too: JSON is whole, and the exit code is ${exit}`, async () => {
      await using folder = await folderWith("a-0.75.jpg", "b-0.50.jpg");
      const io = fakeIo();
      const { code, err } = await cli([folder.path, "-o", folder.file("out.json")], {
        io,
        before: (input) => {
          if (input.path.includes("b-")) io.kill(signal);
        },
      });
      expect(code).to.equal(exit);
      expect(err).to.include(`stopping for ${signal}; a second one stops at once\n`);
      const text = await readFile(folder.file("out.json"), "utf8");
      expect(JSON.parse(text)).to.have.property("results").with.length(1);
      expect(await readdir(folder.path)).not.to.include("out.json.partial");
    });
  }

  it("leaves no unfinished report, whenever it comes", async () => {
    await using folder = await folderWith("a-0.75.jpg", "b-0.50.jpg");
    const results = folder.file("r.ndjson");
    await cli([folder.path, "-o", results]);
    const io = fakeIo();
    const ran = cli(["report", results, "-o", folder.file("page.html")], { io });
    while (!(await readdir(folder.path)).includes("page.html.partial")) await delay(1);
    io.kill("SIGTERM");
    const { code, err } = await ran;
    expect(code, err).to.equal(143);
    expect((await readdir(folder.path)).filter((name) => name.startsWith("page"))).to.deep.equal([]);
  });

  it("leaves no unfinished report where the process ends at once", async () => {
    await using folder = await folderWith();
    const module = new URL("../../../src/cli/output/reportFile.ts", import.meta.url).href;
    const script = `const { ReportFile } = await import(${JSON.stringify(module)});
      await ReportFile.open(${JSON.stringify(folder.file("page.html"))});
      const { readdirSync } = await import("node:fs");
      console.log(readdirSync(${JSON.stringify(folder.path)}).join());
      process.exit(130);`;
    const { status, stdout } = spawnSync(process.execPath, [
      "--import",
      "tsx",
      "--input-type=module",
      "-e",
      script,
    ]);
    expect([status, stdout.toString()]).to.deep.equal([130, "page.html.partial\n"]);
    expect(await readdir(folder.path)).to.deep.equal([]);
  });

  it("works while the model loads", async () => {
    await using folder = await folderWith("a-0.75.jpg");
    const io = fakeIo();
    const { code, out } = await cli([folder.path], {
      io,
      createScorer: ({ signal }) => {
        io.pressCtrlC();
        expect(signal?.aborted).to.equal(true);
        return Promise.reject(new TonescoreError("ERR_ABORTED", "Aborted."));
      },
    });
    expect(code).to.equal(130);
    expect(out).to.equal("");
  });

  it("is left to Node again when the run is over", async () => {
    await using folder = await folderWith("a-0.75.jpg");
    const { io, err } = await cli([folder.path]);
    io.pressCtrlC();
    expect(io.stderr.text).to.equal(err);
  });
});
