import { expect } from "chai";
import { fileURLToPath } from "node:url";
import { createScorer } from "../../src/index.js";
import { UnderWay } from "../../src/util/underWay.js";
import { failure } from "../media/helpers.js";
import { filesOf } from "../native/support.js";

const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

describe("UnderWay", () => {
  it("waits for what has begun, failed or not, and takes no more", async () => {
    const underWay = new UnderWay();
    const ends: (() => void)[] = [];
    const good = underWay.run(
      () =>
        new Promise<string>((resolve) =>
          ends.push(() => {
            resolve("done");
          }),
        ),
    );
    const bad = underWay.run(
      () =>
        new Promise((_, reject) =>
          ends.push(() => {
            reject(new Error("failed"));
          }),
        ),
    );
    bad.catch(() => undefined);
    let closed = false;
    const closing = underWay.close().then(() => (closed = true));
    await failure(
      underWay.run(() => Promise.resolve()),
      "ERR_DISPOSED",
    );
    expect(closed).to.equal(false);
    for (const end of ends) end();
    await closing;
    expect(await good).to.equal("done");
  });

  it("lets a scorer finish when it is closed, and ends a run of many", async () => {
    const scorer = await createScorer({ ...filesOf("smolvlm"), threads: 2 });
    const image = scorer.scoreImage(example("rider.jpg"));
    const video = scorer.scoreVideo(example("clip.mp4"));
    const many = scorer.scoreImages(Array.from({ length: 50 }, () => example("burger.jpg")));
    expect((await many.next()).value).to.have.property("type", "image");
    const rest = (async () => {
      for await (const result of many) expect(result.type).to.equal("image");
    })();
    rest.catch(() => undefined);
    await scorer.close();
    expect((await image).type).to.equal("image");
    expect((await video).type).to.equal("video");
    await failure(rest, "ERR_DISPOSED");
  });
});
