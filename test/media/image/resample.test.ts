import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { resample } from "../../../src/media/image/resample.js";

/** What test/reference/pillow/resample.py wrote. */
interface Recorded {
  readonly width: number;
  readonly height: number;
  readonly data: readonly number[];
  readonly parts: readonly {
    readonly size: readonly [number, number];
    readonly box: readonly [left: number, top: number, right: number, bottom: number];
    readonly data: readonly number[];
  }[];
}

describe("resample", () => {
  it("gives Pillow's bytes, smaller and larger, of the whole and of a part", async () => {
    const file = new URL("../../reference/pillow/resample.json", import.meta.url);
    const { width, height, data, parts } = JSON.parse(await readFile(file, "utf8")) as Recorded;
    expect(parts).to.have.length(3);
    for (const { size, box, data: recorded } of parts) {
      const [left, top, right, bottom] = box;
      const part = { left, top, width: right - left, height: bottom - top };
      const resized = resample(
        { width, height, data: Uint8Array.from(data) },
        { width: size[0], height: size[1] },
        part,
      );
      expect([...resized.data]).to.deep.equal(recorded);
      expect(resized).to.include({ width: part.width, height: part.height });
    }
  });

  it("leaves a picture of that size as it is, and makes a large one of a single pixel", () => {
    const data = Uint8Array.from({ length: 12 }, (_, i) => i * 21);
    const whole = { left: 0, top: 0, width: 2, height: 2 };
    expect(resample({ width: 2, height: 2, data }, whole, whole).data).to.deep.equal(data);
    const one = { width: 1, height: 1, data: Uint8Array.of(9, 0, 255) };
    const large = resample(one, { width: 3, height: 2 }, { left: 0, top: 0, width: 3, height: 2 });
    expect([...large.data]).to.deep.equal(Array.from({ length: 6 }, () => [9, 0, 255]).flat());
  });
});
