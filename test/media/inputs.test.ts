import { chmod, copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { expect } from "chai";
import { findInputs } from "../../src/media/inputs.js";
import { failure, fixture, scratch } from "./helpers.js";

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
        expect("error" in input && input.error.message).to.include("permission denied");
      }
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(at("locked/shut"), 0o755);
    }
  });

  it("stops at an abort", async () => {
    const inputs = findInputs([at("tree")], { signal: AbortSignal.abort() });
    await failure(inputs.next(), "ERR_ABORTED");
  });
});
