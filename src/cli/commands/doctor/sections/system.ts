import { readFileSync } from "node:fs";
import { release } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { glibcVersion } from "../../../../native/load.js";
import { isClone, packageRoot } from "../../../../places.js";
import { version } from "../../../../version.js";
import type { Section } from "../section.js";

const ownManifest = new URL("package.json", packageRoot);

interface SystemFacts {
  readonly tonescore: string;
  readonly folder: string;
  readonly clone: boolean;
  readonly node: string;
  /** As Node names them. */
  readonly platform: string;
  readonly arch: string;
  readonly kernel: string;
  readonly distribution: string | undefined;
  /** Of glibc; `undefined` where the C library is another. */
  readonly glibc: string | undefined;
}

function distribution(): string | undefined {
  try {
    return /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  } catch {
    return undefined;
  }
}

function facts(): SystemFacts {
  const { platform, arch, version: node } = process;
  const folder = dirname(fileURLToPath(ownManifest));
  const [kernel, glibc] = [release(), glibcVersion()];
  return {
    tonescore: version,
    folder,
    clone: isClone,
    node,
    platform,
    arch,
    kernel,
    distribution: distribution(),
    glibc,
  };
}

export function system(found: SystemFacts = facts()): Section {
  const { tonescore, node, folder, clone, platform, arch, kernel, glibc } = found;
  const libc = platform !== "linux" ? "" : glibc === undefined ? ", no glibc (musl?)" : `, glibc ${glibc}`;
  const summary = [
    `tonescore ${tonescore}, ${clone ? "a clone" : "a package"} in ${folder}`,
    `Node ${node.replace("v", "")} on ${found.distribution ?? platform}, ${arch}${libc}, kernel ${kernel}`,
  ];
  return { summary, facts: found, findings: [] };
}
