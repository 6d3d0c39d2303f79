import {
  appendFile,
  chmod,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { expect } from "chai";
import { TonescoreError } from "../../../src/errors.js";
import { cli, type Folder, folderWith, resultsOf } from "../fakes.js";

const names = Array.from({ length: 24 }, (_, index) => `${((index + 1) / 25).toFixed(2)}.jpg`);

/** Pictures, and a list of them. */
async function pictures(): Promise<Folder> {
  const folder = await folderWith(...names);
  await writeFile(
    folder.file("list.csv"),
    `path,mos\n${names.map((name, index) => `${name},${index}`).join("\n")}\n`,
  );
  await mkdir(folder.file("a"));
  await mkdir(folder.file("b"));
  for (const version of ["a", "b"]) await writeFile(folder.file(`${version}/0.50.png`), `of ${version}`);
  return folder;
}

/** Every way to have a file written, with the path for it. */
const commands: Readonly<Record<string, (folder: Folder, path: string) => string[]>> = {
  "score -o": (folder, path) => ["-o", path, folder.file("0.20.jpg")],
  "score -o -f csv": (folder, path) => ["-o", path, folder.file("0.20.jpg"), "-f", "csv"],
  "score --resume": (folder, path) => [folder.file("0.20.jpg"), "-o", path, "--resume"],
  "compare -o": (folder, path) => ["compare", folder.file("a"), folder.file("b"), "-o", path],
  "evaluate -o": (folder, path) => ["evaluate", folder.file("list.csv"), "--bootstrap", "0", "-o", path],
  "calibrate -o": (folder, path) => ["calibrate", folder.file("list.csv"), "-o", path],
};

const pages: Readonly<Record<string, (folder: Folder, path: string) => string[]>> = {
  "score --report": (folder, path) => [folder.file("0.20.jpg"), "--report", path],
  "compare --report": (folder, path) => ["compare", folder.file("a"), folder.file("b"), "--report", path],
  "evaluate --report": (folder, path) => ["evaluate", folder.file("list.csv"), "--report", path],
};

const endingOf = (command: string): string =>
  command === "score -o -f csv" ? "csv" : command === "score --resume" ? "ndjson" : "json";

describe("cli: what is the user's is never written over", () => {
  for (const [command, argv] of Object.entries(commands)) {
    it(`${command} refuses pictures, videos and models by their names`, async () => {
      await using folder = await pictures();
      for (const name of [
        "0.04.jpg",
        "new.JPEG",
        "new.png",
        "new.heic",
        "new.CR2",
        "new.svg",
        "a.mp4",
        "m.gguf",
        "b.jpg.",
      ]) {
        const before = await readFile(folder.file(name), "utf8").catch(() => undefined);
        const { code, err, scorer } = await cli(argv(folder, folder.file(name)));
        expect(code, `${name}: ${err}`).to.equal(2);
        expect(err, name).to.match(
          /whose name is that of a (picture|video|model)\. .*\(ERR_INVALID_ARGUMENT\)/,
        );
        expect(scorer).to.equal(undefined);
        expect(await readFile(folder.file(name), "utf8").catch(() => undefined)).to.equal(before);
      }
    });

    it(`${command} refuses what holds something else, and takes what is empty`, async () => {
      await using folder = await pictures();
      const path = folder.file(`notes.${endingOf(command)}`);
      for (const content of ["my notes\n", '{"my":"notes"}\n', "path,mos\r\na.jpg,3\r\n", " "]) {
        await writeFile(path, content);
        const { code, err } = await cli(argv(folder, path));
        expect(code, err).to.equal(2);
        expect(err).to.match(/holds something else|not the header of a tonescore run/);
        expect(await readFile(path, "utf8")).to.equal(content);
      }
      await writeFile(path, "");
      expect((await cli(argv(folder, path))).code).to.equal(0);
      const first = await readFile(path, "utf8");
      expect(first.length).to.be.above(10);
      expect((await cli(argv(folder, path))).code).to.equal(0);
      expect((await readdir(folder.path)).filter((name) => name.includes("partial"))).to.deep.equal([]);
    });
  }

  for (const [command, argv] of Object.entries(pages)) {
    it(`${command} writes over pages of this program only`, async () => {
      await using folder = await pictures();
      const page = folder.file("page.html");
      await writeFile(page, "<!doctype html>\n<html><title>My holidays · tonescore</title>");
      const { code, err } = await cli(argv(folder, page));
      expect(code).to.equal(2);
      expect(err).to.include("holds something else");
      expect(await readFile(page, "utf8")).to.include("My holidays");
      await writeFile(page, "");
      expect((await cli(argv(folder, page))).code).to.equal(0);
      expect((await cli(argv(folder, page))).code).to.equal(0);
    });
  }

  it("knows results of every format again, each of its own command", async () => {
    await using folder = await pictures();
    const kinds: Readonly<Record<string, readonly string[]>> = {
      "score -o": ["json", "ndjson", "jsonl", "csv", "txt"],
      "compare -o": ["json", "csv", "txt"],
      "evaluate -o": ["json", "csv", "txt"],
      "calibrate -o": ["json"],
    };
    for (const [command, endings] of Object.entries(kinds)) {
      for (const ending of endings) {
        const path = folder.file(`${command.split(" ")[0]}.${ending}`);
        const argv = commands[command]?.(folder, path) ?? [];
        expect((await cli(argv)).code, path).to.equal(0);
        expect((await cli(argv)).code, `${path}, again`).to.equal(0);
      }
    }
    for (const [name, ...argv] of [
      ["several.txt", folder.path, "-p", "qboost", "-p", "sharpness"],
      ["several.csv", folder.path, "-p", "qboost", "-p", "sharpness"],
      ["failed.txt", folder.file("gone.jpg"), folder.file("away.jpg")],
      ["scale.txt", folder.path, "--scale", "percent"],
    ] as const) {
      expect((await cli([...argv, "-o", folder.file(name)])).code, name).to.be.below(2);
      expect((await cli([...argv, "-o", folder.file(name)])).code, `${name}, again`).to.be.below(2);
    }
    const calibration = await readFile(folder.file("calibrate.json"), "utf8");
    const other = await cli([folder.file("0.20.jpg"), "-o", folder.file("calibrate.json")]);
    expect(other.code).to.equal(2);
    expect(await readFile(folder.file("calibrate.json"), "utf8")).to.equal(calibration);
  });

  it("knows pages that do not name their maker yet", async () => {
    await using folder = await pictures();
    const page = folder.file("page.html");
    await cli([folder.file("0.20.jpg"), "--report", page]);
    const text = await readFile(page, "utf8");
    await writeFile(page, text.replace('<meta name="generator" content="tonescore">\n', ""));
    expect((await cli([folder.file("0.20.jpg"), "--report", page])).code).to.equal(0);
    expect(await readFile(page, "utf8")).to.equal(text);
  });

  it("refuses what is read, by whatever name", async () => {
    await using folder = await pictures();
    const picture = folder.file("0.20.jpg");
    await link(picture, folder.file("hard.csv"));
    await symlink(picture, folder.file("soft.csv"));
    await writeFile(folder.file("clip.ndjson"), await readFile(picture));
    const before = await readFile(picture, "utf8");
    for (const [output, input] of [
      ["hard.csv", "0.20.jpg"],
      ["soft.csv", "0.20.jpg"],
      ["clip.ndjson", "./clip.ndjson"],
    ] as const) {
      const { code, err } = await cli(["-o", folder.file(output), `${folder.path}/${input}`]);
      expect(code, output).to.equal(2);
      expect(err).to.match(/which is read as|whose name is that of a picture/);
    }
    expect(await readFile(picture, "utf8")).to.equal(before);
    // An input that nothing was written to yet is as much the user's.
    await writeFile(folder.file("empty.csv"), "");
    expect((await cli(["-o", folder.file("empty.csv"), folder.file("empty.csv")])).err).to.include(
      "which is read as",
    );
  });

  it("refuses the files that options name", async () => {
    await using folder = await pictures();
    const [calibration, results, page] = ["mos.json", "r.ndjson", "p.html"].map((name) => folder.file(name));
    await cli(["calibrate", folder.file("list.csv"), "-o", calibration ?? ""]);
    await cli([folder.path, "-o", results ?? ""]);
    const refused = async (...argv: string[]) => {
      const { code, err } = await cli(argv);
      expect(code, argv.join(" ")).to.equal(2);
      expect(err).to.match(/which is read as|which is there already/);
    };
    await refused(folder.file("0.20.jpg"), "--calibration", calibration ?? "", "-o", calibration ?? "");
    await refused("evaluate", folder.file("list.csv"), "-o", folder.file("list.csv"));
    await refused(
      "compare",
      results ?? "",
      folder.file("b"),
      "-o",
      folder.file("b/../r.ndjson"),
      "-f",
      "csv",
    );
    await link(results ?? "", page ?? "");
    await refused("report", results ?? "", "-o", page ?? "");
  });

  it("refuses one file for two outputs", async () => {
    await using folder = await pictures();
    const argv = [folder.file("0.20.jpg"), "-f", "csv", "-o", folder.file("x.html"), "--report"];
    for (const second of ["x.html", "X.HTML", "a/../x.html"]) {
      const { code, err } = await cli([...argv, `${folder.path}/${second}`]);
      expect(code).to.equal(2);
      expect(err).to.include("which -o writes to as well");
    }
    expect(await readdir(folder.path)).not.to.include("x.html");
  });

  it("refuses an ending that names no format and lists those that do, unless -f does for a new file", async () => {
    await using folder = await pictures();
    const picture = folder.file("0.20.jpg");
    for (const name of ["out.xlsx", "results", "out.", ".csv.bak"]) {
      const { code, err, scorer } = await cli([picture, "-o", folder.file(name)]);
      expect(code).to.equal(2);
      expect(err).to.include(".json, .ndjson, .jsonl, .csv, .txt, or say the format with -f");
      expect(scorer).to.equal(undefined);
      expect(await readdir(folder.path)).not.to.include(name);
    }
    expect((await cli([picture, "-o", folder.file("out.dat"), "-f", "csv"])).code).to.equal(0);
    const again = await cli([picture, "-o", folder.file("out.dat"), "-f", "csv"]);
    expect(again.code).to.equal(2);
    expect(again.err).to.include("which is there already");
    expect((await cli(commands["calibrate -o"]?.(folder, folder.file("m.cal")) ?? [])).err).to.include(
      "one of .json.",
    );
    expect((await cli(commands["compare -o"]?.(folder, folder.file("c.ndjson")) ?? [])).code).to.equal(2);
  });

  it("leaves devices, pipes and open files what they are", async () => {
    await using folder = await pictures();
    expect((await cli([folder.file("0.20.jpg"), "-o", "/dev/null"])).code).to.equal(0);
    const file = await open(folder.file("log.txt"), "w+");
    await file.writeFile("before\n");
    const { code } = await cli([folder.file("0.20.jpg"), "-o", `/proc/self/fd/${file.fd}`, "-f", "csv"]);
    await file.close();
    expect(code).to.equal(0);
    expect(await readFile(folder.file("log.txt"), "utf8")).to.match(/^before\npath,/);
  });

  it("follows a link to nothing yet by the name at its end", async () => {
    await using folder = await pictures();
    await symlink(folder.file("new.jpg"), folder.file("out.csv"));
    await symlink(folder.file("new.csv"), folder.file("fine.csv"));
    await symlink(folder.file("circle.csv"), folder.file("circle.csv"));
    const score = (name: string) => cli([folder.file("0.20.jpg"), "-o", folder.file(name)]);
    expect((await score("out.csv")).err).to.include("whose name is that of a picture");
    expect((await score("fine.csv")).code).to.equal(0);
    expect(await readFile(folder.file("new.csv"), "utf8")).to.match(/^path,/);
    expect((await score("circle.csv")).code).to.equal(1);
    expect(await readdir(folder.path)).not.to.include("new.jpg");
  });

  it("takes no other's .partial, and leaves none of its own", async () => {
    await using folder = await pictures();
    await writeFile(folder.file("out.json.partial"), "the user's");
    const { code } = await cli([folder.file("0.20.jpg"), "-o", folder.file("out.json")]);
    expect(code).to.equal(0);
    expect(await readFile(folder.file("out.json.partial"), "utf8")).to.equal("the user's");
    expect((await readdir(folder.path)).filter((name) => name.includes("partial"))).to.have.length(1);
  });

  it("keeps what appears or changes in its place during the run, and its own results beside it", async () => {
    await using folder = await pictures();
    const [out, other] = [folder.file("out.json"), folder.file("other")];
    await writeFile(other, "another program's");
    const appears = await cli([folder.file("0.20.jpg"), "-o", out], { before: () => rename(other, out) });
    expect(appears.code).to.equal(1);
    expect(appears.err).to.include("another program wrote there meanwhile");
    expect(await readFile(out, "utf8")).to.equal("another program's");
    expect(JSON.parse(await readFile(`${out}.partial`, "utf8")))
      .to.have.property("results")
      .with.length(1);
    await cli([folder.file("0.20.jpg"), "-o", folder.file("again.json")]);
    const changes = await cli([folder.file("0.20.jpg"), "-o", folder.file("again.json")], {
      before: () => appendFile(folder.file("again.json"), "more"),
    });
    expect(changes.code).to.equal(1);
    expect(await readFile(folder.file("again.json"), "utf8")).to.match(/more$/);
  });

  it("keeps earlier results where the model cannot be loaded", async () => {
    await using folder = await pictures();
    const createScorer = () => Promise.reject(new TonescoreError("ERR_MODEL_NOT_FOUND", "No model."));
    for (const ending of ["ndjson", "csv", "json", "txt"]) {
      const path = folder.file(`r.${ending}`);
      await cli([folder.path, "-o", path]);
      const before = await readFile(path, "utf8");
      expect((await cli([folder.path, "-o", path, "-m", "typo.gguf"], { createScorer })).code).to.equal(3);
      expect(await readFile(path, "utf8"), ending).to.equal(before);
    }
  });

  it("keeps what stands in the place of a results folder, or in it", async () => {
    await using folder = await pictures();
    const evaluate = () =>
      cli(["evaluate", folder.file("list.csv"), "--bootstrap", "0", "--results", folder.file("kept")]);
    await writeFile(folder.file("kept"), "a file");
    const { code, err } = await evaluate();
    expect(code).to.equal(1);
    expect(err).to.match(/Cannot write to .*kept.*ERR_OUTPUT/);
    expect(await readFile(folder.file("kept"), "utf8")).to.equal("a file");
    await rename(folder.file("kept"), folder.file("elsewhere"));
    expect((await evaluate()).code).to.equal(0);
    const [name = ""] = await readdir(folder.file("kept"));
    expect(resultsOf(await readFile(folder.file(`kept/${name}`), "utf8"))).to.have.length(24);
    expect((await evaluate()).code).to.equal(0);
    await writeFile(folder.file(`kept/${name}`), "mine");
    expect((await evaluate()).code).to.equal(2);
    expect(await readFile(folder.file(`kept/${name}`), "utf8")).to.equal("mine");
  });

  it("says before the run that a place cannot be written", async function () {
    if (process.getuid?.() === 0) {
      // The superuser may write anywhere; a folder that is none is told to him too.
      await using folder = await pictures();
      const { code, scorer } = await cli([folder.file("0.20.jpg"), "-o", folder.file("list.csv/out.csv")]);
      expect([code, scorer]).to.deep.equal([1, undefined]);
      return;
    }
    await using folder = await pictures();
    await mkdir(folder.file("closed"));
    await chmod(folder.file("closed"), 0o500);
    const { err, scorer } = await cli([folder.file("0.20.jpg"), "-o", folder.file("closed/out.csv")]);
    await chmod(folder.file("closed"), 0o700);
    expect(err).to.include("you may not write there");
    expect(scorer).to.equal(undefined);
    expect((await stat(folder.file("closed"))).isDirectory()).to.equal(true);
  });
});
