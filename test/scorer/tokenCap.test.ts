import { expect } from "chai";
import { TokenCap } from "../../src/scorer/tokenCap.js";

describe("a cap on a picture's tokens", () => {
  const encoder = {
    ...{ projector: "qwen3vl_merger", imageSize: 768, patchSize: 16, merged: 2 },
    ...{ classEmbedding: false, tiles: false },
  };
  const capped = { name: "Qwen3.5", imageMaxTokens: 4096, authorsMaxTokens: 16384 };

  it("is told of once, with what lifts it, at the first picture that exceeds it", () => {
    const told: string[] = [];
    const cap = new TokenCap(capped, encoder, (text) => told.push(text));
    cap.look({ width: 2048, height: 2048 });
    expect(told).to.deep.equal([]);
    cap.look({ width: 4000, height: 3000 });
    cap.look({ width: 8000, height: 3000 });
    expect(told).to.have.length(1);
    expect(told[0]).to.include("4000 × 3000").and.include("--image-max-tokens 16384");
  });

  it("is not told of where the authors have the same, or the user said how many", () => {
    const told: string[] = [];
    for (const family of [undefined, { name: "Qwen3.5", imageMaxTokens: 16384 }]) {
      new TokenCap(family, encoder, (text) => told.push(text)).look({ width: 9000, height: 9000 });
    }
    expect(told).to.deep.equal([]);
  });
});
