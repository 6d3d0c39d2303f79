import { expect } from "chai";
import { copyFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { loadDataset, type DatasetOptions } from "../../../src/evaluate/datasets/loadDataset.js";
import { readCsv } from "../../../src/evaluate/datasets/csv.js";
import { failure } from "../../media/helpers.js";
import { folderOf } from "./folder.js";

type Files = Record<string, string | Buffer>;

/** What is read of a list: its layout, and the rows as name, MOS, group. */
async function read(files: Files, list: string, options: DatasetOptions = {}) {
  await using folder = await folderOf(files);
  const dataset = await loadDataset(folder.at(list), options);
  const rows = dataset.rows.map(({ path, mos, group }) => [relative(folder.path, path), mos, group]);
  return { ...dataset, rows };
}

async function refused(files: Files, list: string, options: DatasetOptions = {}): Promise<string> {
  await using folder = await folderOf(files);
  return (await failure(loadDataset(folder.at(list), options), "ERR_DATASET")).message;
}

describe("published datasets", () => {
  const layouts: [name: string, files: Files, list: string, rows: unknown[]][] = [
    [
      "KonIQ-10k",
      {
        "koniq10k_scores_and_distributions.csv":
          "image_name,c1,c2,c3,c4,c5,c_total,MOS,SD,MOS_zscore\n1.jpg,0,0,25,73,7,105,3.83,0.52,75.2\n",
        "1024x768/1.jpg": "x",
      },
      ".",
      [["1024x768/1.jpg", 3.83, undefined]],
    ],
    [
      "KonIQ-10k",
      {
        "koniq10k_distributions_sets.csv":
          "image_name,c1,c2,c3,c4,c5,c_total,MOS,SD,set\n1.jpg,0,0,25,73,7,105,75.1,0.52,test\n",
        "512x384/1.jpg": "x",
      },
      ".",
      [["512x384/1.jpg", 75.1, "test"]],
    ],
    [
      "KADID-10k",
      {
        "dmos.csv": "dist_img,ref_img,dmos,var\nI01_17_03.png,I01.png,4.57,0.496\n",
        "images/I01_17_03.png": "x",
      },
      ".",
      [["images/I01_17_03.png", 4.57, "distortion 17"]],
    ],
    [
      "AGIQA-3K",
      {
        "data.csv":
          'name,prompt,adj1,adj2,style,mos_quality,std_quality,mos_align,std_align\nDALLE2_normal_000.jpg,"a cat, sitting",,,,2.1,0.3,3.3,0.2\n',
        "DALLE2_normal_000.jpg": "x",
      },
      ".",
      [["DALLE2_normal_000.jpg", 2.1, "DALLE2"]],
    ],
    [
      "TID2013",
      {
        "mos_with_names.txt": "5.51429 I01_01_1.bmp\n4.9 i25_24_5.bmp\n4.8 i02_01_2.bmp\n",
        "distorted_images/I01_01_1.bmp": "x",
        "distorted_images/I01_01_1.png": "a copy",
        "distorted_images/I25_24_5.BMP": "x",
        "distorted_images/i02_01_2.png": "converted",
      },
      ".",
      [
        ["distorted_images/I01_01_1.bmp", 5.51429, "distortion 01"],
        ["distorted_images/I25_24_5.BMP", 4.9, "distortion 24"],
        ["distorted_images/i02_01_2.png", 4.8, "distortion 01"],
      ],
    ],
    [
      "BIQ2021",
      {
        "Test (Images and MOS).csv": "Image Name,MOS,,\nss03 (7805).jpg,0.7321,,\n",
        "Images/ss03 (7805).jpg": "x",
      },
      "Test (Images and MOS).csv",
      [["Images/ss03 (7805).jpg", 0.7321, "ss03"]],
    ],
    [
      "KoNViD-1k",
      {
        "KoNViD_1k_metadata/KoNViD_1k_mos.csv": "flickr_id,mos\n3015115297,3.2\n",
        "KoNViD_1k_videos/3015115297.mp4": "x",
      },
      ".",
      [["KoNViD_1k_videos/3015115297.mp4", 3.2, undefined]],
    ],
    [
      "KoNViD-1k",
      {
        "KoNViD_1k_attributes.csv": "file_name,MOS\n30_centercrop_960x540_8s.mp4,3.2\n",
        "KoNViD_1k_videos/30_centercrop_960x540_8s.mp4": "x",
      },
      ".",
      [["KoNViD_1k_videos/30_centercrop_960x540_8s.mp4", 3.2, undefined]],
    ],
    [
      "LIVE-VQC",
      { "mos.csv": "video_list,mos\nA001.mp4,80.2\n", "Video/A001.mp4": "x" },
      "mos.csv",
      [["Video/A001.mp4", 80.2, undefined]],
    ],
    [
      "LIVE In the Wild",
      {
        "mos.csv": "AllImages_release,AllMOS_release\nt1.bmp,63.9\n8.bmp,25.3\n",
        "Images/trainingImages/t1.bmp": "x",
        "Images/8.bmp": "x",
      },
      "mos.csv",
      [
        ["Images/trainingImages/t1.bmp", 63.9, undefined],
        ["Images/8.bmp", 25.3, undefined],
      ],
    ],
    [
      "Q-Bench",
      { "koniq.json": '[{"img_path": "1.jpg", "gt_score": "2.82 "}]', "1.jpg": "x" },
      "koniq.json",
      [["1.jpg", 2.82, undefined]],
    ],
  ];
  for (const [name, files, list, rows] of layouts) {
    it(`are read as they were unpacked: ${name}, ${Object.keys(files)[0] ?? ""}`, async () => {
      const dataset = await read(files, list);
      expect(dataset.layout).to.equal(name);
      expect(dataset.rows).to.deep.equal(rows);
    });
  }

  it("are read as they were unpacked: SPAQ, an Excel sheet", async () => {
    await using folder = await folderOf({
      "Annotations/x": "",
      "TestImage/00001.jpg": "x",
      "TestImage/00002.jpg": "x",
    });
    const list = folder.at("Annotations/MOS and Image attribute scores.xlsx");
    await copyFile("test/fixtures/evaluate/spaq.xlsx", list);
    const { layout, rows } = await loadDataset(folder.path);
    expect(layout).to.equal("SPAQ");
    expect(rows).to.deep.equal([
      { path: folder.at("TestImage/00001.jpg"), mos: 48.86 },
      { path: folder.at("TestImage/00002.jpg"), mos: 62.5 },
    ]);
  });

  it("say how MATLAB's files become CSV", async () => {
    expect(await refused({ "Data/AllMOS_release.mat": "x" }, ".")).to.match(
      /cd '.*Data' && python3 -c '.*AllMOS_release/s,
    );
    expect(await refused({ "data.mat": "x" }, "data.mat")).to.include("video_list");
  });

  it("are named where a folder has none or several", async () => {
    expect(await refused({ "notes.txt": "x" }, ".")).to.include("koniq10k_scores_and_distributions.csv");
    const two = { "Train (Images and MOS).csv": "", "Test (Images and MOS).csv": "" };
    expect(await refused(two, ".")).to.include("Train (Images and MOS).csv, Test (Images and MOS).csv");
  });
});

describe("lists of one's own", () => {
  const rows = [
    ["a.jpg", 1.5, undefined],
    ["b.jpg", 4, undefined],
  ];
  const pictures = { "a.jpg": "x", "b.jpg": "x" };
  const forms: Files = {
    "list.csv": "\uFEFFPath,MOS\r\na.jpg,1.5\r\n\r\nb.jpg,4\r\n",
    "semicolons.csv": "path;mos\na.jpg;1.5\nb.jpg;4\n",
    "list.tsv": "path\tmos\na.jpg\t1.5\nb.jpg\t4\n",
    "list.json": '[{"image": "a.jpg", "mos": 1.5}, {"image": "b.jpg", "mos": "4"}]',
    "list.ndjson": '{"file": "a.jpg", "mos": 1.5}\n{"file": "b.jpg", "mos": 4}\n',
    "joined.json": '{"path": "a.jpg", "mos": 1.5, "note": "}{"}{"path": "b.jpg", "mos": 4}',
  };
  for (const [list, content] of Object.entries(forms)) {
    it(`are read: ${list}`, async () => {
      expect((await read({ ...pictures, [list]: content }, list)).rows).to.deep.equal(rows);
    });
  }

  it("are read by the columns that are named", async () => {
    const list = "list.csv";
    const files = { "deep/a.jpg": "x", [list]: "picture,rating,camera,mos\na.jpg,2,Pixel,9\n" };
    const options = { folder: undefined, fileColumn: "picture", mosColumn: "Rating", groupColumn: "camera" };
    await using folder = await folderOf(files);
    const { rows: read } = await loadDataset(folder.at(list), { ...options, folder: folder.at("deep") });
    expect(read).to.deep.equal([{ path: folder.at("deep/a.jpg"), mos: 2, group: "Pixel" }]);
  });

  it("have DMOS flipped within their range", async () => {
    const files = { ...pictures, "list.csv": "path,dmos\na.jpg,10\nb.jpg,70\n" };
    const { rows: flipped, dmos } = await read(files, "list.csv", { dmos: true, mosColumn: "dmos" });
    expect(flipped.map(([, mos]) => mos)).to.deep.equal([70, 10]);
    expect(dmos).to.equal(true);
  });

  const wrong: [what: string, files: Files, options: DatasetOptions, message: RegExp][] = [
    [
      "no column with files",
      { "list.csv": "foto,mos\na.jpg,1\n" },
      {},
      /files in .*it has: foto, mos\. Name it with --file-column/,
    ],
    [
      "no column with MOS",
      { "list.csv": "path,note\na.jpg,1\n" },
      {},
      /MOS values in .*it has: path, note\. Name it with --mos-column/,
    ],
    ["DMOS, unexplained", { "list.csv": "path,dmos\na.jpg,1\n" }, {}, /--mos-column.*--dmos/],
    [
      "a misspelled column",
      { "list.csv": "path,mos\na.jpg,1\n" },
      { mosColumn: "moss" },
      /a column "moss" in ".*", but there is none \(did you mean "mos"\?\); it has: path, mos/,
    ],
    [
      "a MOS that is no number",
      { ...pictures, "list.csv": "path,mos\na.jpg,1\nb.jpg,good\n" },
      {},
      /Expected a number in the column "mos" \(line 3 of ".*"\) but received "good"/,
    ],
    ["an empty MOS", { ...pictures, "list.csv": "path,mos\na.jpg,\n" }, {}, /line 2.*""/],
    ["a row without a file", { "list.csv": "path,mos\n,1\n" }, {}, /Expected a file .*line 2 names none/],
    [
      "a file twice",
      { ...pictures, "list.csv": "path,mos\na.jpg,1\nb.jpg,2\n./a.jpg,3\n" },
      {},
      /"\.\/a\.jpg" stands twice.*line 2 and line 4.*--allow-duplicates/,
    ],
    [
      "missing files",
      { "a.jpg": "x", "list.csv": "path,mos\na.jpg,1\nc.jpg,2\nd.jpg,2\n" },
      {},
      /2 of the 3 files.*"c\.jpg" \(line 3\).*--allow-missing/,
    ],
    [
      "no file at all",
      { "list.csv": "path,mos\na.jpg,1\n" },
      { allowMissing: true },
      /1 of the 1 files.*--folder\.$/,
    ],
    ["another kind of file", { "list.csv": "x", "list.doc": "x" }, {}, /./],
    ["broken JSON", { "list.csv": 'path,mos\n"a.jpg,1\n' }, {}, /Expected the list .*Quote Not Closed/],
  ];
  for (const [what, files, options, message] of wrong) {
    it(`are refused with a remedy: ${what}`, async () => {
      const list = "list.doc" in files ? "list.doc" : "list.csv";
      expect(await refused(files, list, options)).to.match(message);
    });
  }

  const sheets: [what: string, content: string | Buffer, name?: string][] = [
    ["German or French settings", "\uFEFFpath;mos\r\na.jpg;1,5\r\nb.jpg;4\r\n"],
    ["a line sep=", "sep=;\r\npath;mos\r\na.jpg;1,5\r\nb.jpg;4\r\n"],
    ["a quoted line sep=, after a byte order mark", '\uFEFF"sep=;"\r\npath;mos\r\na.jpg;1.5\r\nb.jpg;4\r\n'],
    ["another separator", "SEP=|\npath|mos\na.jpg|1.5\nb.jpg|4\n"],
    ["rows left empty", "path,mos\r\na.jpg,1.5\r\n,\r\n\r\n ,\r\nb.jpg,4\r\n,\r\n"],
    ["empty rows above the header", ",\r\n\r\npath,mos\r\na.jpg,1.5\r\nb.jpg,4\r\n"],
    ["a comma too many in the header", "path,mos,\r\na.jpg,1.5\r\nb.jpg,4\r\n"],
    ["a comma too many in the rows", "path,mos\r\na.jpg,1.5,\r\nb.jpg,4,,\r\n"],
    ["a row too short", "path,mos,note\r\na.jpg,1.5\r\nb.jpg,4,x\r\n"],
    ["a column of numbers without a name", ",path,mos\n0,a.jpg,1.5\n1,b.jpg,4\n"],
    ["quoted decimal commas", 'path,mos\na.jpg,"1,5"\nb.jpg,"4,0"\n'],
    ["separators in quotes in the header", '"path","mos","a;b;c;d"\na.jpg,1.5,x\nb.jpg,4,y\n'],
    ["old line ends", "path,mos\ra.jpg,1.5\rb.jpg,4\r"],
    [
      "UTF-16, as Unicode text",
      Buffer.from("\uFEFFpath\tmos\r\na.jpg\t1,5\r\nb.jpg\t4\r\n", "utf16le"),
      "list.txt",
    ],
    ["UTF-16, big-endian", Buffer.from("\uFEFFpath,mos\na.jpg,1.5\nb.jpg,4\n", "utf16le").swap16()],
    ["UTF-16 without a mark", Buffer.from("path,mos\na.jpg,1.5\nb.jpg,4\n", "utf16le")],
    ["Windows' encoding", Buffer.from("path,mos,Qualit\xe9\na.jpg,1.5,x\nb.jpg,4,y\n", "latin1")],
    ["exponents and signs", "path,mos\na.jpg,+15e-1\nb.jpg,4.\n"],
    ["Windows' paths", "path,mos\n.\\a.jpg,1.5\nb.jpg,4\n"],
  ];
  for (const [what, content, list = "list.csv"] of sheets) {
    it(`are read as spreadsheets write them: ${what}`, async () => {
      const { rows: found } = await read({ ...pictures, [list]: content }, list);
      expect(found.map(([file, mos]) => [file, mos])).to.deep.equal([
        ["a.jpg", 1.5],
        ["b.jpg", 4],
      ]);
    });
  }

  const doubtful: [what: string, content: string, message: RegExp, options?: DatasetOptions][] = [
    ["two columns mos", "path,mos,mos\na.jpg,1,2\n", /columns .*there are 2 of one name: "mos" and "mos"/],
    ["two in other cases", "path,mos, MOS\na.jpg,1,2\n", /"mos" and " MOS"/],
    ["two with paths", "path,Path,mos\na.jpg,b.jpg,2\n", /"path" and "Path"/],
    ["two of a name that was asked for", "path,x,x\na.jpg,1,2\n", /"x" and "x"/, { mosColumn: "x" }],
    ["two with groups", "path,mos,group,group\na.jpg,1,2,3\n", /"group" and "group"/],
    ["decimal commas without quotes", "path,mos\na.jpg,1,5\n", /line 2 has 3 cells, but the header names 2/],
    ["the same under a comma too many", "path,mos,\na.jpg,1,5\n", /line 2 has 3 cells/],
    [
      "both kinds of decimals",
      "path;mos\na.jpg;1,5\nb.jpg;2.5\n",
      /commas \(line 2: 1,5\) and .*\(line 3: 2\.5\)/,
    ],
    ["thousands", 'path,mos\na.jpg,"1,234,567"\n', /Expected a number/],
    ["a hexadecimal number", "path,mos\na.jpg,0x10\n", /Expected a number/],
    ["a formula", "path,mos\na.jpg,=1+1\n", /Expected a number .* "=1\+1"/],
    [
      "no end of a quote, with the line",
      'path,mos\na.jpg,1\n"b.jpg,2\n',
      /Expected the list .*Quote Not Closed.*line 3/,
    ],
    ["a line after sep=", "sep=;\npath;mos\na.jpg;x\n", /Expected a number .*\(line 3 of/],
  ];
  for (const [what, content, message, options] of doubtful) {
    it(`are not guessed at: ${what}`, async () => {
      expect(await refused({ ...pictures, "list.csv": content }, "list.csv", options)).to.match(message);
    });
  }

  it("take the column that is named to the letter where another differs in case", async () => {
    const { rows: found } = await read({ ...pictures, "list.csv": "path,mos,MOS\na.jpg,1,2\n" }, "list.csv", {
      mosColumn: "MOS",
    });
    expect(found).to.deep.equal([["a.jpg", 2, undefined]]);
  });

  const [composed, decomposed] = ["Gr\u00fcn", "Gru\u0308n"];
  for (const [listed, there] of [
    [composed, decomposed],
    [decomposed, composed],
  ] as const) {
    it(`find accents in the other form: ${listed.length} letters for ${there.length}`, async () => {
      const files = { [`${there}/${there}.JPG`]: "x", "list.csv": `path,mos\n${listed}/${listed}.jpg,1\n` };
      expect((await read(files, "list.csv")).rows).to.deep.equal([[`${there}/${there}.JPG`, 1, undefined]]);
    });
  }

  it("keep two files apart whose names differ in that form alone, and tell of one that stands there in both", async () => {
    const list = `path,mos\n${composed}.jpg,1\n${decomposed}.jpg,2\n`;
    const both = { [`${composed}.jpg`]: "x", [`${decomposed}.jpg`]: "x", "list.csv": list };
    expect((await read(both, "list.csv")).rows).to.deep.equal([
      [`${composed}.jpg`, 1, undefined],
      [`${decomposed}.jpg`, 2, undefined],
    ]);
    expect(await refused({ [`${composed}.jpg`]: "x", "list.csv": list }, "list.csv")).to.include(
      "stands twice",
    );
  });

  it("name nothing outside their folder, or the one that the user names", async () => {
    const files = { "secret.jpg": "x", "data/a.jpg": "x", "data/-": "x" };
    await using folder = await folderOf(files);
    const outside = ["../secret.jpg", folder.at("secret.jpg"), "x/../../secret.jpg", "..", "/etc/passwd"];
    for (const name of outside) {
      await writeFile(folder.at("data/list.csv"), `path,mos\n"${name}",1\n`);
      const { message } = await failure(loadDataset(folder.at("data/list.csv")), "ERR_DATASET");
      expect(message).to.include("leads out of the only folders").and.include("--folder");
    }
    await writeFile(
      folder.at("data/list.csv"),
      `path,mos\n${folder.at("secret.jpg")},1\n${folder.at("data/a.jpg")},2\n`,
    );
    const allowed = await loadDataset(folder.at("data/list.csv"), { folder: folder.path });
    expect(allowed.rows.map(({ mos }) => mos)).to.deep.equal([1, 2]);
    const missing = await loadDataset(folder.at("data/list.csv"), { allowMissing: true });
    expect(missing.rows.map(({ mos }) => mos)).to.deep.equal([2]);
    for (const name of ["https://example.com/a.jpg", "a\0.jpg", "a.jpg\u001b[31m", "*.jpg", "CON", "data"]) {
      await writeFile(
        folder.at("data/list.csv"),
        `path,mos\n${JSON.stringify(name).replace(/\\u0000/, "\0")},1\n`,
      );
      await failure(loadDataset(folder.at("data/list.csv")), "ERR_DATASET");
    }
  });

  it("mean a file by the name of standard input", async () => {
    await using folder = await folderOf({ "-": "x", "list.csv": "path,mos\n-,1\n" });
    const cwd = process.cwd();
    process.chdir(folder.path);
    try {
      expect((await loadDataset("list.csv")).rows).to.deep.equal([{ path: "./-", mos: 1 }]);
    } finally {
      process.chdir(cwd);
    }
  });

  it("may be long, but not without end", async () => {
    const long = Array.from({ length: 20_000 }, (_, index) => `a.jpg,${index}`).join("\n");
    const options = { allowDuplicates: true };
    expect(
      (await read({ ...pictures, "list.csv": `path,mos\n${long}` }, "list.csv", options)).rows,
    ).to.have.length(20_000);
    expect(await readCsv(long, 100)).to.have.length(100);
    expect(await refused({ "list.csv": Buffer.alloc(2 ** 26 + 1, "a") }, "list.csv")).to.include(
      "at most 67108864 bytes",
    );
  });

  it("may miss files, and have them twice, where that is allowed", async () => {
    const list = "path,mos\na.jpg,1\na.jpg,3\ngone.jpg,2\n";
    const options = { allowMissing: true, allowDuplicates: true };
    const dataset = await read({ ...pictures, "list.csv": list }, "list.csv", options);
    expect(dataset.rows.map(([, mos]) => mos)).to.deep.equal([1, 3]);
    expect(dataset.missing).to.equal(1);
  });

  it("name the line of broken JSON", async () => {
    const message = await refused({ "list.json": '{"path": "a.jpg", "mos": 1}\n{"path": b}\n' }, "list.json");
    expect(message).to.include("line 2");
  });
});
