import { expect } from "chai";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { availableMemory } from "../../src/util/availableMemory.js";

describe("availableMemory", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tonescore-memory-"));
    write("proc/meminfo", "MemTotal: 16000000 kB\nMemFree: 1 kB\nMemAvailable:    8000000 kB\n");
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const second = (group: string, max: string, current: number, files = 0): void => {
    write(`sys/fs/cgroup/${group}/memory.max`, `${max}\n`);
    write(`sys/fs/cgroup/${group}/memory.current`, `${current}\n`);
    write(`sys/fs/cgroup/${group}/memory.stat`, `anon 5\ninactive_file ${files}\nactive_file 7\n`);
  };

  it("is what the machine has left, where no group limits it", () => {
    expect(availableMemory(root, "linux")).to.equal(8_192_000_000);
    write("proc/self/cgroup", "0::/user.slice/run.scope\n");
    second("user.slice", "max", 4e9);
    expect(availableMemory(root, "linux")).to.equal(8_192_000_000);
  });

  it("is what the tightest group leaves, with the pages of files that it would give back", () => {
    write("proc/self/cgroup", "0::/a/b/c\n");
    second("a", "6000000000", 1e9);
    second("a/b", "2000000000", 1_500_000_000, 300_000_000);
    second("a/b/c", "3000000000", 1e9);
    expect(availableMemory(root, "linux")).to.equal(800_000_007);
  });

  it("is that of the group at the root where a container shows no other", () => {
    write("proc/self/cgroup", "0::/../../kubepods/pod1\n");
    second(".", "1000000000", 999_999_000);
    expect(availableMemory(root, "linux")).to.equal(1007);
    second(".", "1000000000", 2e9);
    expect(availableMemory(root, "linux")).to.equal(0);
  });

  it("knows the first version's files", () => {
    write("proc/self/cgroup", "7:cpu,cpuacct:/docker/1\n4:memory:/docker/1\n1:name=systemd:/docker/1\n");
    const folder = "sys/fs/cgroup/memory/docker/1";
    write(`${folder}/memory.limit_in_bytes`, "500000000\n");
    write(`${folder}/memory.usage_in_bytes`, "400000000\n");
    write(`${folder}/memory.stat`, "total_inactive_file 50000000\ntotal_active_file 10000000\n");
    expect(availableMemory(root, "linux")).to.equal(160_000_000);
  });

  it("is a number above 0 on this machine, whichever it is", () => {
    for (const platform of ["linux", "darwin", "win32"] as const) {
      expect(availableMemory("/nowhere", platform)).to.be.above(0);
    }
    expect(availableMemory()).to.be.above(0);
  });
});
