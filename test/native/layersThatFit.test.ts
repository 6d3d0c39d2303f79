import { expect } from "chai";
import { layersThatFit } from "../../src/native/layersThatFit.js";

describe("layersThatFit", () => {
  const most = async (all: number, limit: number): Promise<[number, number]> => {
    let asked = 0;
    const layers = await layersThatFit(all, (count) => {
      asked++;
      return Promise.resolve(count <= limit);
    });
    return [layers, asked];
  };

  it("finds the most that fit, whatever that is, in a few looks", async () => {
    for (const limit of [0, 1, 2, 16, 31, 32, 33, 100]) {
      const [layers, asked] = await most(33, limit);
      expect(layers).to.equal(Math.min(33, limit));
      expect(asked).to.be.at.most(6);
    }
    expect(await most(1, 0)).to.deep.equal([0, 1]);
  });
});
