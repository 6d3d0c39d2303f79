import { expect } from "chai";
import sharp from "sharp";
import { freeMemory } from "../../src/native/freeMemory.js";

describe("freeMemory", () => {
  it("takes an array's memory away, also where a native library gave it", async () => {
    const own = new Uint8Array(1 << 20).fill(1);
    const given = await sharp({ create: { width: 700, height: 700, channels: 3, background: "#123" } })
      .raw()
      .toBuffer();
    for (const array of [own, given]) {
      freeMemory(array);
      expect(array).to.have.length(0);
      freeMemory(array); // nothing is left
    }
  });

  it("leaves memory that others have a part of", () => {
    const whole = new Uint8Array(8).fill(7);
    freeMemory(whole.subarray(2));
    freeMemory(Buffer.from("seven")); // of Node's pool
    expect([...whole]).to.deep.equal([7, 7, 7, 7, 7, 7, 7, 7]);
  });
});
