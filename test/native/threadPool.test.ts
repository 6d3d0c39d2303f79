import { expect } from "chai";
import { readdir, readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { loadFamily, openSession } from "./support.js";

/** The processors that each thread of this process may run on, as in `0-1`. */
async function allowedProcessors(): Promise<string[]> {
  const tasks = await readdir("/proc/self/task");
  const states = await Promise.all(
    tasks.map((task) => readFile(`/proc/self/task/${task}/status`, "utf8").catch(() => "")),
  );
  return states.map((state) => /^Cpus_allowed_list:\t(.*)$/m.exec(state)?.[1] ?? "");
}

describe("native thread pool", () => {
  const threads = availableParallelism();
  if (process.platform !== "linux" || threads < 2) return;

  const pinned = async (): Promise<string[]> =>
    (await allowedProcessors()).filter((list) => /^\d+$/.test(list)).sort();

  it("gives each thread a processor of its own where there is one for each", async () => {
    const before = await pinned();
    const session = await openSession(await loadFamily("smolvlm"), { threads });
    const after = await pinned();
    await session.close();
    expect(after.length - before.length).to.equal(threads);
    expect(new Set(after).size).to.equal(threads);
  });

  it("leaves fewer threads to the system", async () => {
    const before = await pinned();
    const session = await openSession(await loadFamily("smolvlm"), { threads: 1 });
    expect(await pinned()).to.deep.equal(before);
    await session.close();
  });
});
