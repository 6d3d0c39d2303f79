import { expect } from "chai";
import { EventEmitter, once } from "node:events";
import { PassThrough } from "node:stream";
import { ReadAhead } from "../../../src/media/ffmpeg/readAhead.js";
import { readPpm } from "../../../src/media/ffmpeg/ppm.js";

/** Chunks of a writer that can do nothing else before each is taken. */
async function* chunks(count: number, onTaken: (taken: number) => void): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) {
    onTaken(index);
    yield Buffer.from("P6\n1 1\n255\n" + String(index).repeat(3));
    await Promise.resolve();
  }
}

const written = (...args: Parameters<typeof chunks>) =>
  Object.assign(chunks(...args), { destroy: () => undefined });

describe("ReadAhead", () => {
  it("reads on while something is waited for that comes only then, and gives all in order", async () => {
    const writer = new EventEmitter();
    const measures = once(writer, "third");
    const stream = new ReadAhead(
      written(5, (taken) => {
        if (taken === 3) writer.emit("third", "measures");
      }),
      1000,
    );
    const seen: string[] = [];
    for await (const { data } of readPpm(stream)) {
      if (seen.length === 0) expect(await stream.during(measures)).to.deep.equal(["measures"]);
      seen.push(Buffer.from(data).toString());
    }
    expect(seen).to.deep.equal(["000", "111", "222", "333", "444"]);
  });

  it("reads no further than it may keep, and nothing where all is there", async () => {
    let taken = 0;
    const count = (index: number): void => {
      taken = index + 1;
    };
    const stream = new ReadAhead(written(100, count), 20);
    const late = new Promise((resolve) => setTimeout(resolve, 20, "late"));
    expect(await stream.during(late)).to.equal("late");
    expect(taken).to.equal(2);
  });

  it("passes on what fails, and waits past the end", async () => {
    const stream = new ReadAhead(
      written(1, () => undefined),
      1000,
    );
    await stream.next();
    expect(await stream.during(new Promise((resolve) => setTimeout(resolve, 5, "after")))).to.equal("after");
    const failing = stream.during(Promise.reject(new Error("gone")));
    expect(await failing.catch((error: unknown) => (error as Error).message)).to.equal("gone");
    expect((await stream.next()).done).to.equal(true);
  });

  it("can be left while a chunk is still to come", async () => {
    const silent = new PassThrough();
    const stream = new ReadAhead(silent, 1000);
    expect(await stream.during(new Promise((resolve) => setTimeout(resolve, 5, "there")))).to.equal("there");
    await stream.return();
    expect(silent.destroyed).to.equal(true);
  });
});
