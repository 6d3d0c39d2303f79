import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { HangWatch, type Watched } from "../../../src/native/isolated/hangWatch.js";

const LIMIT_MS = 200;
const job = (group?: number): Watched & { leaving: boolean } => ({ group, leaving: false });

describe("a watch for what hangs", () => {
  let told: Set<Watched>;
  let watch: HangWatch<Watched>;

  beforeEach(() => {
    const mine = (told = new Set());
    watch = new HangWatch(LIMIT_MS, (jobs) => {
      for (const each of jobs) mine.add(each);
    });
  });

  /** For as long, in which each job is heard every now and then. */
  async function pass(limits: number, heard: readonly Watched[] = []): Promise<void> {
    for (let part = 0; part < 4 * limits; part++) {
      for (const each of heard) watch.hear(each);
      await sleep(LIMIT_MS / 4);
    }
  }

  it("blames what gives no sign of life, and none that does", async () => {
    const [silent, lively] = [job(), job()];
    watch.add(silent);
    watch.add(lively);
    await pass(2, [lively]);
    expect(told).to.include(silent).and.not.include(lively);
  });

  it("blames the first of a group and not those that wait for it, whose time begins with its end", async () => {
    const [first, second] = [job(1), job(1)];
    watch.add(first);
    watch.add(second);
    await pass(2);
    expect(told).to.include(first).and.not.include(second);
    watch.delete(first);
    await pass(0.5);
    expect(told).to.not.include(second);
    await pass(1.5);
    expect(told).to.include(second);
  });

  it("gives what is hurried or on its way out no more time, whatever it is heard to do", async () => {
    const leaving = job();
    watch.add(leaving);
    leaving.leaving = true;
    watch.hurry(leaving, 0);
    await pass(1, [leaving]);
    expect(told).to.include(leaving);
  });

  it("is idle when all is done, and hears nothing of what is gone", () => {
    const done = job();
    watch.add(done);
    watch.delete(done);
    watch.hear(done);
    expect(watch.isIdle).to.equal(true);
  });
});
