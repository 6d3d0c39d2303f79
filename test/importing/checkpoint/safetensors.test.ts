import { expect } from "chai";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readSafetensors } from "../../../src/importing/checkpoint/safetensors.js";
import { failure, safetensors, temporary } from "../support.js";

const entry = (begin: number, end: number, more: object = {}): object => ({
  dtype: "F16",
  shape: [(end - begin) / 2],
  data_offsets: [begin, end],
  ...more,
});

describe("readSafetensors", () => {
  async function read(bytes: Buffer): Promise<Map<string, unknown>> {
    await using folder = await temporary();
    const path = join(folder.path, "model.safetensors");
    await writeFile(path, bytes);
    return await readSafetensors(path, "shown/model.safetensors");
  }

  it("gives the tensors in the order of their names, with where they lie", async () => {
    const header = { __metadata__: { format: "pt" }, b: entry(0, 4), a: entry(4, 12, { shape: [2, 2] }) };
    const bytes = safetensors(header, 12);
    const start = bytes.length - 12;
    const tensors = await read(bytes);
    expect([...tensors.keys()]).to.deep.equal(["a", "b"]);
    expect(tensors.get("a"))
      .to.include({ type: "F16", offset: start + 4 })
      .and.to.deep.include({ shape: [2, 2] });
  });

  const cases: readonly (readonly [what: string, bytes: Buffer, says: string])[] = [
    ["an empty file", Buffer.alloc(0), "it has 0 bytes"],
    [
      "a header longer than the file",
      safetensors({ a: entry(0, 4) }, 4, 9000),
      "it claims a header of 9000 bytes",
    ],
    [
      "a header of a claimed terabyte",
      safetensors({}, 0, 2 ** 40),
      "it claims a header of 1099511627776 bytes",
    ],
    ["a header that is cut", safetensors('{"a": {"dtype"'), "its header cannot be read"],
    ["a header nested without end", safetensors("[".repeat(100_000)), "nested more than 64 deep"],
    ["a header that is a list", safetensors([1]), "its header is no object"],
    ["an unknown type", safetensors({ a: entry(0, 4, { dtype: "F8_E4M3" }) }, 4), 'is of type "F8_E4M3"'],
    ["a shape that is none", safetensors({ a: entry(0, 4, { shape: [-2] }) }, 4), "has no shape that can be"],
    [
      "a shape beyond counting",
      safetensors({ a: entry(0, 4, { shape: [2 ** 40, 2 ** 40] }) }, 4),
      "has no shape",
    ],
    [
      "fewer bytes than the shape takes",
      safetensors({ a: entry(0, 4, { shape: [9] }) }, 4),
      "has 4 bytes where its shape takes 18",
    ],
    [
      "offsets that go backwards",
      safetensors({ a: entry(0, 4, { data_offsets: [4, 0] }) }, 4),
      "lies nowhere",
    ],
    [
      "offsets before the beginning",
      safetensors({ a: entry(0, 4, { data_offsets: [-4, 0] }) }, 4),
      "lies nowhere",
    ],
    ["tensors that overlap", safetensors({ a: entry(0, 4), b: entry(2, 6) }, 6), "overlaps with another"],
    [
      "a gap between tensors",
      safetensors({ a: entry(0, 4), b: entry(6, 8) }, 8),
      "nothing says what stands before",
    ],
    ["a file that is cut short", safetensors({ a: entry(0, 40) }, 4), "it is cut short"],
    ["a file that goes on", safetensors({ a: entry(0, 4) }, 9), "it has 5 bytes more than its tensors"],
  ];
  for (const [what, bytes, says] of cases)
    it(`refuses ${what}`, async () => {
      const { code, message } = await failure(read(bytes));
      expect(code).to.equal("ERR_MODEL_INVALID");
      expect(message).to.include('"shown/model.safetensors"').and.to.include(says);
    });

  it("keeps a name like that of an object's own as a name", async () => {
    const header = `{"__proto__": {"dtype":"F16","shape":[2],"data_offsets":[0,4]}}`;
    expect([...(await read(safetensors(header, 4))).keys()]).to.deep.equal(["__proto__"]);
  });
});
