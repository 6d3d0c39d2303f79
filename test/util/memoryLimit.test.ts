import { expect } from "chai";
import { totalmem } from "node:os";
import { memoryLimit } from "../../src/util/memoryLimit.js";

describe("memoryLimit", () => {
  const original = process.constrainedMemory.bind(process);

  afterEach(() => {
    process.constrainedMemory = original;
  });

  const stated = (bytes: number): number | undefined => {
    process.constrainedMemory = () => bytes;
    return memoryLimit();
  };

  it("is what a control group allows", () => {
    expect(stated(128e6)).to.equal(128e6);
  });

  it("is none where Node says 0, or more than there is", () => {
    expect(stated(0)).to.be.undefined;
    expect(stated(2 ** 64)).to.be.undefined;
    expect(stated(totalmem())).to.be.undefined;
  });
});
