import { chmod, copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { nameFromBytes } from "../../../src/media/inputs/fileNames.js";
import { fileInputs } from "../../../src/media/inputs/fileInput.js";
import { findInputs } from "../../../src/media/inputs/findInputs.js";
import { failure, fixture, scratch } from "../helpers.js";

describe("findInputs", () => {
  const at = scratch();

  /** `kind name` or `code name` for each input, names relative to the scratch folder. */
  async function found(...patterns: string[]): Promise<string[]> {
    const lines: string[] = [];
    for await (const input of findInputs(patterns)) {
      const name = input.path === "-" ? "-" : relative(at(""), input.path);
      lines.push(`${"error" in input ? input.error.code : input.kind} ${name}`);
    }
    return lines;
  }

  async function put(name: string, content = "x"): Promise<void> {
    await mkdir(dirname(at(name)), { recursive: true });
    await writeFile(at(name), content);
  }

  before(async () => {
    const transport = `G${"x".repeat(187)}G${"x".repeat(187)}`;
    for (const name of [
      "b.jpg",
      "a.PNG",
      "c.mp4",
      "notes.txt",
      ".hidden.jpg",
      ".cache/x.jpg",
      "node_modules/m/y.png",
    ]) {
      await put(`tree/${name}`);
    }
    for (const name of ["sub/d.webp", "sub/deep/e.heic", "sub/f[1].jpg", "sub/f1.jpg"])
      await put(`tree/${name}`);
    await put("tree/sub/code.ts", "export const a = 1;\n");
    await put("tree/sub/clip.ts", transport);
    await put("none/readme.md");
    await copyFile(fixture("quarters.png"), at("picture"));
    await copyFile(fixture("rotated.mp4"), at("clip.data"));
    await put("drawing.svg", "<svg/>");
    await put("unknown.bin", "nothing that is known");
  });

  const tree = [
    "image tree/a.PNG",
    "image tree/b.jpg",
    "video tree/c.mp4",
    "video tree/sub/clip.ts",
    "image tree/sub/d.webp",
    "image tree/sub/deep/e.heic",
    "image tree/sub/f1.jpg",
    "image tree/sub/f[1].jpg",
  ];

  it("takes all pictures and videos below a folder, by name, hidden ones and node_modules not", async () => {
    expect(await found(at("tree"))).to.deep.equal(tree);
  });

  it("tells size and time of change", async () => {
    for await (const input of findInputs([at("picture")])) {
      expect(input).to.have.property("size", 543);
      expect(input).to.have.property("mtimeMs").that.is.closeTo(Date.now(), 60000);
    }
  });

  it("tries a file that is named, whatever it is called, and looks into it where the name says nothing", async () => {
    expect(
      await found(
        at("picture"),
        at("clip.data"),
        at("unknown.bin"),
        at("drawing.svg"),
        at("tree/.hidden.jpg"),
      ),
    ).to.deep.equal([
      "image picture",
      "video clip.data",
      "video unknown.bin",
      "image drawing.svg",
      "image tree/.hidden.jpg",
    ]);
  });

  it("expands globs that no shell expanded", async () => {
    expect(await found(at("tree/*.jpg"))).to.deep.equal(["image tree/b.jpg"]);
    expect(await found(at("tree/**/*"))).to.deep.equal(
      [...tree].sort((a, b) => (a.slice(6) < b.slice(6) ? -1 : 1)),
    );
    expect(await found(at("tree/**/*.{mp4,webp}"))).to.deep.equal([
      "video tree/c.mp4",
      "image tree/sub/d.webp",
    ]);
    expect(await found(at("tree/*.bmp"))).to.deep.equal(["ERR_INPUT_NOT_FOUND tree/*.bmp"]);
  });

  it("keeps the paths of an absolute pattern absolute", async () => {
    for await (const { path } of findInputs([at("tree/*.jpg")])) expect(path).to.equal(at("tree/b.jpg"));
  });

  it("takes a file with a pattern for a name as that file", async () => {
    expect(await found(at("tree/sub/f[1].jpg"))).to.deep.equal(["image tree/sub/f[1].jpg"]);
  });

  it("takes - for a video on stdin", async () => {
    expect(await found("-")).to.deep.equal(["video -"]);
  });

  it("keeps the order given, and each file once", async () => {
    expect(await found(at("tree/c.mp4"), at("picture"), at("tree"), at("tree/../picture"))).to.deep.equal([
      "video tree/c.mp4",
      "image picture",
      ...tree.filter((line) => !line.endsWith("c.mp4")),
    ]);
  });

  it("makes what is not there, a URL and an empty folder errors of their own", async () => {
    expect(
      await found(at("nothing.jpg"), "https://example.com/a.jpg", at("none"), at("picture")),
    ).to.deep.equal([
      "ERR_INPUT_NOT_FOUND nothing.jpg",
      `ERR_INPUT_UNSUPPORTED ${relative(at(""), "https://example.com/a.jpg")}`,
      "ERR_INPUT_NOT_FOUND none",
      "image picture",
    ]);
  });

  it("follows links, in a circle only once, and reports one that leads nowhere", async () => {
    await put("links/real/a.jpg");
    await symlink("..", at("links/real/up"));
    await symlink("real", at("links/again"));
    await symlink(at("picture"), at("links/z.png"));
    await symlink("gone.jpg", at("links/broken.jpg"));
    expect(await found(at("links"))).to.deep.equal([
      "image links/again/a.jpg",
      "ERR_INPUT_NOT_FOUND links/broken.jpg",
      "image links/z.png",
    ]);
  });

  it("loses nothing else to a folder or a file that cannot be read", async () => {
    await put("locked/open.jpg");
    await put("locked/shut/x.jpg");
    await put("locked/shut.jpg");
    await chmod(at("locked/shut"), 0);
    await chmod(at("locked/shut.jpg"), 0);
    await chmod(at(""), 0o755);
    const isRoot = process.getuid?.() === 0;
    // Root may read everything.
    if (isRoot) process.seteuid?.(65534);
    try {
      expect(await found(at("locked"))).to.deep.equal([
        "image locked/open.jpg",
        "ERR_INPUT_UNREADABLE locked/shut",
        "ERR_INPUT_UNREADABLE locked/shut.jpg",
      ]);
      for await (const input of findInputs([at("locked/shut.jpg")])) {
        expect("error" in input && input.error.message).to.include("permission is denied");
      }
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(at("locked/shut"), 0o755);
    }
  });

  it("finds a glob's files below folders with parentheses, from anywhere", async () => {
    await put("Photos (2020)/one.jpg");
    await put("Photos (2020)/IMG (1).jpg");
    const expected = ["image Photos (2020)/IMG (1).jpg", "image Photos (2020)/one.jpg"];
    expect(await found(at("Photos (2020)/*.jpg"))).to.deep.equal(expected);
    expect(await found(`${at("")}/**/Photos (2020)/*.jpg`)).to.deep.equal(expected);
    const cwd = process.cwd();
    for (const [from, pattern] of [
      ["", "Photos (2020)/*.jpg"],
      ["", "./Photos (2020)/*.jpg"],
      ["Photos (2020)", "*.jpg"],
      ["Photos (2020)", "../Photos (2020)/*.jpg"],
      ["Photos (2020)", at("Photos (2020)/*.jpg")],
      ["tree", "../P* (*)/*.jpg"],
    ] as const) {
      process.chdir(at(from));
      try {
        expect(await found(pattern), pattern).to.deep.equal(expected);
      } finally {
        process.chdir(cwd);
      }
    }
    expect(await found(at("Photos (2020)/gone.jpg"))).to.deep.equal([
      "ERR_INPUT_NOT_FOUND Photos (2020)/gone.jpg",
    ]);
  });

  it("takes a group that finds nothing for plain parentheses", async () => {
    expect(await found(at("Photos (2020)/*(1).jpg"))).to.deep.equal(["image Photos (2020)/IMG (1).jpg"]);
    await put("Photos (2020)/1.jpg");
    expect(await found(at("Photos (2020)/*(1).jpg"))).to.deep.equal(["image Photos (2020)/1.jpg"]);
  });

  it("says of each file that it leaves out what it is", async () => {
    for (const name of [
      "a.CR2",
      "b.dng",
      "c.jxl",
      "d.svg",
      "e.xmp",
      "f",
      "g.code.ts",
      "go.mod",
      "h.jp2",
      "i.HIF",
    ])
      await put(`mixed/${name}`);
    for (const name of ["j.mpo", "k.pjpeg", "l.pjp", "m.JPG", "n.MOD"])
      await put(`mixed/${name}`, name === "n.MOD" ? "\0\0\x01\xba and so on" : "x");
    const leftOut: string[] = [];
    const kept: string[] = [];
    const onLeftOut = (path: string, kind: string): void => {
      leftOut.push(`${relative(at("mixed"), path)}: ${kind}`);
    };
    for await (const { path } of findInputs([at("mixed")], { onLeftOut }))
      kept.push(relative(at("mixed"), path));
    expect(kept).to.deep.equal(["i.HIF", "j.mpo", "k.pjpeg", "l.pjp", "m.JPG"]);
    expect(leftOut).to.have.members([
      ...[
        "a.CR2: camera RAW",
        "b.dng: camera RAW",
        "c.jxl: JPEG XL",
        "d.svg: SVG",
        "e.xmp: other",
        "f: other",
      ],
      ...["g.code.ts: other", "go.mod: other", "h.jp2: JPEG 2000", "n.MOD: other"],
    ]);
  });

  it("says what there is where a folder or a glob has nothing to score", async () => {
    await put("raw/a.nef");
    await put("raw/b.txt");
    for (const pattern of [at("raw"), at("raw/*")]) {
      for await (const input of findInputs([pattern])) {
        expect("error" in input && input.error.message).to.include(
          "there are only 1 camera RAW file and 1 file of other kinds (txt)",
        );
      }
    }
  });

  it("finds names by accents in either form, and both where both are there", async () => {
    const [composed, decomposed] = ["Gr\u00fcn", "Gru\u0308n"];
    await put(`accents/${decomposed}/${decomposed}.jpg`);
    const path = `accents/${decomposed}/${decomposed}.jpg`;
    expect(await found(at(`accents/${composed}/${composed}.jpg`))).to.deep.equal([`image ${path}`]);
    expect(await found(at(`accents/${composed}/*.jpg`), at(`accents/*/${composed}*`))).to.deep.equal([
      `image ${path}`,
    ]);
    await put(`accents/${decomposed}/${composed}.jpg`);
    expect(await found(at(path))).to.deep.equal([`image ${path}`]);
    expect(await found(at("accents"))).to.have.length(2);
  });

  it("finds names that are not UTF-8: in folders, by globs, and as a command line hands them over", async () => {
    if (process.platform !== "linux") return; // others have no such names
    const name = Buffer.from("Gr\xfcn.jpg", "latin1");
    const escaped = nameFromBytes(name);
    await put("bytes/x");
    await writeFile(Buffer.concat([Buffer.from(at("bytes/")), name]), "x");
    const expected = [`image bytes/${escaped}`];
    expect(await found(at("bytes"))).to.deep.equal(expected);
    expect(await found(at("bytes/*.jpg"))).to.deep.equal(expected);
    expect(await found(at(`bytes/${name.toString()}`))).to.deep.equal(expected);
    expect(await found(at(`bytes/${escaped}`))).to.deep.equal(expected);
    await writeFile(Buffer.concat([Buffer.from(at("bytes/")), Buffer.from("Gr\xfbn.jpg", "latin1")]), "x");
    expect(await found(at(`bytes/${name.toString()}`), at("bytes"))).to.have.length(2);
  });

  it("opens no pipe that lies in a folder", async () => {
    await put("special/a.jpg");
    for (const name of ["pipe.jpg", "pipe.ts", "pipe"]) execFileSync("mkfifo", [at(`special/${name}`)]);
    expect(await found(at("special"), at("special/pipe"))).to.deep.equal([
      "image special/a.jpg",
      "ERR_INPUT_UNSUPPORTED special/pipe.jpg",
      "ERR_INPUT_UNSUPPORTED special/pipe.ts",
      "ERR_INPUT_UNSUPPORTED special/pipe",
    ]);
  });

  it("makes a folder below a glob that cannot be read an error of its own", async () => {
    await put("shut/open/a.jpg");
    await put("shut/closed/b.jpg");
    await chmod(at("shut/closed"), 0);
    await chmod(at(""), 0o755);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      expect(await found(at("shut/*/*.jpg"))).to.deep.equal([
        "ERR_INPUT_UNREADABLE shut/closed",
        "image shut/open/a.jpg",
      ]);
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(at("shut/closed"), 0o755);
    }
  });

  it("takes the paths of a list for themselves alone", async () => {
    const lines: string[] = [];
    for await (const input of fileInputs([
      at("tree/*.jpg"),
      at("tree/b.jpg"),
      at("tree"),
      at("tree/b.jpg"),
    ])) {
      lines.push(`${"error" in input ? input.error.code : input.kind} ${relative(at(""), input.path)}`);
    }
    expect(lines).to.deep.equal([
      "ERR_INPUT_NOT_FOUND tree/*.jpg",
      "image tree/b.jpg",
      "ERR_INPUT_UNSUPPORTED tree",
    ]);
  });

  it("stops at an abort", async () => {
    const inputs = findInputs([at("tree")], { signal: AbortSignal.abort() });
    await failure(inputs.next(), "ERR_ABORTED");
  });
});
