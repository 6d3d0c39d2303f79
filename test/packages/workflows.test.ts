import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "../../scripts/package/tryOut/installation.js";

interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}
interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(root, ".github", "workflows");
const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
const workflows = texts.map((text) => parse(text) as Workflow);
const jobs = workflows.flatMap((workflow) => Object.entries(workflow.jobs));
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

describe("workflows", () => {
  it("take each action at one commit, and name its version", () => {
    const lines = texts.flatMap((text) => text.match(/uses: .*/g) ?? []);
    expect(lines).to.have.length(jobs.flatMap(([, { steps }]) => steps.filter(({ uses }) => uses)).length);
    for (const line of lines) expect(line).to.match(/^uses: actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const commits = new Map(lines.map((line) => [line.split("@")[0], line]));
    expect(new Set(lines).size).to.equal(commits.size);
  });

  it("give each job a limit of time, and no right that it has no use for", () => {
    for (const { permissions } of workflows) expect(permissions).to.deep.equal({});
    for (const [name, job] of jobs) {
      expect(job["timeout-minutes"], name).to.be.above(0);
      const rights = Object.entries(job.permissions ?? {}).map((right) => right.join());
      const more = { publish: ["id-token,write"], sources: ["contents,write"] }[name] ?? [];
      expect(rights, name).to.have.members([...(name === "sources" ? [] : ["contents,read"]), ...more]);
    }
  });

  it("run scripts that there are, in jobs that there are", () => {
    for (const { jobs: own } of workflows)
      for (const [name, { needs = [], steps }] of Object.entries(own)) {
        for (const needed of [needs].flat()) expect(own, name).to.have.property(needed);
        for (const { run = "" } of steps)
          for (const [, script = ""] of run.matchAll(/npm run ([\w:-]+)/g))
            expect(scripts, run).to.have.property(script);
      }
  });

  it("publish nothing before it was tried on each platform", () => {
    const release = workflows.find(({ jobs: own }) => "publish" in own)?.jobs ?? {};
    const before = new Set<string>();
    const add = (name: string): void => {
      before.add(name);
      for (const needed of [release[name]?.needs ?? []].flat()) add(needed);
    };
    add("publish");
    expect([...before]).to.have.members(Object.keys(release));
  });
});
