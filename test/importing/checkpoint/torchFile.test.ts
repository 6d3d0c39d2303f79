import { expect } from "chai";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readTorchFile } from "../../../src/importing/checkpoint/torchFile.js";
import { checkpoints, failure, temporary } from "../support.js";

const published = join(checkpoints, "q-instruct", "vision_tower", "pytorch_model.bin");

/** A zip archive of stored files, as PyTorch writes it. */
function zip(files: Readonly<Record<string, Buffer>>, method = 0): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(content.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), content);
    directory.push(entry, Buffer.from(name));
    at += 30 + name.length + content.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listed, end]);
}

const pickle = (...parts: readonly string[]): Buffer => Buffer.from(`\x80\x02${parts.join("")}.`, "latin1");
const text = (value: string): string => `X${String.fromCharCode(value.length)}\0\0\0${value}`;
const size = (value: number): string => `K${String.fromCharCode(value)}`;
/** A dictionary of one tensor. */
const tensor = (storage: string, [count, offset, rows, columns, step]: readonly number[]): Buffer =>
  pickle(
    ...["}", text("w"), "ctorch._utils\n_rebuild_tensor_v2\n", "("],
    ...["(", text("storage"), storage, text("0"), text("cpu"), size(count ?? 0), "tQ"],
    ...[size(offset ?? 0), size(rows ?? 0), size(columns ?? 0), "\x86", size(step ?? 0), size(1), "\x86\x89"],
    ...["ccollections\nOrderedDict\n)R", "tRs"],
  );
const HALF = "ctorch\nHalfStorage\n";

describe("readTorchFile", () => {
  async function read(bytes: Buffer): Promise<Map<string, unknown>> {
    await using folder = await temporary();
    const path = join(folder.path, "pytorch_model.bin");
    await writeFile(path, bytes);
    return await readTorchFile(path, "shown/pytorch_model.bin");
  }
  const refused = async (bytes: Buffer): Promise<string> => {
    const { code, message } = await failure(read(bytes));
    expect(code).to.equal("ERR_MODEL_INVALID");
    return message;
  };

  it("reads what PyTorch wrote", async () => {
    const tensors = await readTorchFile(published, published);
    expect(tensors.get("vision_model.embeddings.class_embedding")).to.deep.include({
      type: "F16",
      shape: [32],
    });
    expect(tensors.get("vision_model.embeddings.position_ids")).to.deep.include({
      type: "I64",
      shape: [1, 17],
    });
    expect(tensors.get("logit_scale")).to.deep.include({ shape: [] });
  });

  it("reads a tensor that is a part of its storage", async () => {
    const bytes = zip({ "m/data.pkl": tensor(HALF, [8, 2, 2, 3, 3]), "m/data/0": Buffer.alloc(16) });
    const found = (await read(bytes)).get("w") as { shape: number[]; offset: number };
    expect(found.shape).to.deep.equal([2, 3]);
    expect(found.offset).to.equal(bytes.indexOf("m/data/0") + "m/data/0".length + 4);
  });

  it("passes over what a dictionary of weights keeps besides", async () => {
    const state = [
      ...["}r\x01\0\0\0", text("none"), "Ns", text("true"), "\x88s", text("long"), "\x8a\x02\0\x01s"],
      ...[text("half"), "G?\xe0\0\0\0\0\0\0s", text("itself"), "j\x01\0\0\0s"],
    ];
    const weights = tensor(HALF, [8, 2, 2, 3, 3]).subarray(2, -1).toString("latin1");
    const content = pickle(weights, ...state, "b");
    const tensors = await read(zip({ "m/data.pkl": content, "m/data/0": Buffer.alloc(16) }));
    expect([...tensors.keys()]).to.deep.equal(["w"]);
  });

  const foreign: readonly (readonly [what: string, bytes: Buffer, says: string])[] = [
    ["a call of the system", pickle("cos\nsystem\n", "(", text("true"), "tR"), '"os.system"'],
    ["a call of a builtin", pickle("cbuiltins\neval\n", "(", text("1"), "tR"), '"builtins.eval"'],
    [
      "a name near a known one",
      pickle("ctorch._utils\n_rebuild_tensor_v3\n"),
      '"torch._utils._rebuild_tensor_v3"',
    ],
    ["a name of an object's own", pickle("c__proto__\nx\n"), '"__proto__.x"'],
    ["an operation that makes objects", pickle("}", "}", "\x81"), "the operation 0x81"],
    ["a name that is put together", pickle(text("os"), text("system"), "\x93"), "the operation 0x93"],
    ["a call of what is no function", pickle(text("x"), ")", "R"), "it calls what is no function"],
    [
      "a known function called otherwise",
      pickle("ctorch._utils\n_rebuild_tensor_v2\n", ")", "R"),
      "not PyTorch's",
    ],
    ["state of what is no dictionary", pickle(text("x"), "}", "b"), "it sets what only objects have"],
    ["a list in place of weights", pickle(text("x")), "it holds no dictionary of weights"],
    ["a dictionary of something else", pickle("}", text("a"), size(1), "s"), "something other than weights"],
    ["a stack that is empty", pickle("R"), "it is damaged"],
    ["what was never remembered", pickle("h\x05"), "it is damaged"],
    ["a text longer than the file", pickle("X\xff\xff\xff\x7fab"), "cut short"],
    ["a pickle without an end", Buffer.from("\x80\x02}", "latin1"), "cut short"],
    ["columns that are rows", tensor(HALF, [8, 0, 2, 3, 1]), "do not lie one after another"],
    [
      "a storage of an unknown kind",
      tensor("ctorch\nComplexFloatStorage\n", [8, 0, 2, 3, 3]),
      "ComplexFloatStorage",
    ],
  ];
  for (const [what, content, says] of foreign)
    it(`refuses ${what}, and runs nothing`, async () => {
      const message = await refused(zip({ "m/data.pkl": content, "m/data/0": Buffer.alloc(16) }));
      expect(message).to.include('"shown/pytorch_model.bin"').and.to.include(says);
    });

  it("refuses numbers that are missing or cut short", async () => {
    const list = tensor(HALF, [8, 0, 2, 3, 3]);
    expect(await refused(zip({ "m/data.pkl": list }))).to.include('the numbers of "w" are missing');
    for (const [content, bytes] of [
      [list, 15],
      [tensor(HALF, [8, 3, 2, 3, 3]), 16],
      [tensor(HALF, [8, 0, 200, 200, 200]), 16],
    ] as const) {
      const message = await refused(zip({ "m/data.pkl": content, "m/data/0": Buffer.alloc(bytes) }));
      expect(message).to.include('the numbers of "w" are cut short');
    }
  });

  it("refuses an archive that is none, is cut, compressed, or names places beyond itself", async () => {
    const whole = await readFile(published);
    expect(await refused(Buffer.from("no archive"))).to.include("it is no zip archive, or is cut short");
    expect(await refused(whole.subarray(0, -30))).to.include("it is no zip archive, or is cut short");
    expect(await refused(whole.subarray(1000))).to.match(/cut short|damaged|no header|directory/);
    expect(await refused(zip({ "m/data.pkl": pickle("}") }, 8))).to.include("is compressed");
    expect(await refused(zip({ "m/other": pickle("}") }))).to.include("it has no list of tensors");
    const beyond = zip({ "m/data.pkl": pickle("}") });
    beyond.writeUInt32LE(0x7fffffff, beyond.length - 22 + 16);
    expect(await refused(beyond)).to.include("it is cut short");
  });
});
