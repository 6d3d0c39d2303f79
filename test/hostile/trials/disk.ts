import { execFile, spawn } from "node:child_process";
import { mkdir, open, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { QUICK_MODEL } from "../prepared.js";
import { differences, type End, run } from "./product.js";
import { program } from "../sandbox.js";
import { manyPictures, type Trial } from "./trial.js";

const command = promisify(execFile);
const PICTURES = 60;

/** Fills the disk that results are written to, makes room, and goes on. */
export const disk: Trial = async ({ prepared }) => {
  const folder = prepared.path("disk");
  await manyPictures(folder, prepared, PICTURES);
  const args = [folder, ...QUICK_MODEL, "-q"];
  const faults: string[] = [];
  const found: string[] = [];
  const full = await intoDevFull([...args, "-f", "ndjson"]);
  if (full === undefined) found.push("/dev/full: skipped, there is none");
  else {
    found.push(`/dev/full: exit ${full.code}`);
    faults.push(...refusal(full).map((fault) => `/dev/full: ${fault}`));
  }
  const mount = prepared.path("small");
  await mkdir(mount);
  try {
    await command("mount", ["-t", "tmpfs", "-o", "size=16k", "tonescore", mount]);
  } catch {
    found.push("a disk of 16 KB: skipped, mounting one needs root");
    return { trial: "a full disk", found: found.join("; "), faults };
  }
  try {
    const file = `${mount}/results.ndjson`;
    const end = await run([...args, "-o", file]);
    found.push(
      `a disk of 16 KB: exit ${end.code}, ${(await readFile(file, "utf8")).split("\n").length - 1} lines kept`,
    );
    faults.push(...refusal(end));
    await command("mount", ["-o", "remount,size=4m", mount]);
    await run([...args, "-o", prepared.path("disk.ndjson")]);
    const again = await run([...args, "-o", file, "--resume"]);
    if (again.code !== 0) faults.push(`going on exited with ${again.code}: ${again.stderr}`);
    faults.push(...differences(String(await prepared.read("disk.ndjson")), await readFile(file, "utf8")));
    found.push("with room made, --resume completed it");
  } finally {
    await command("umount", [mount]);
  }
  return { trial: "a full disk", found: found.join("; "), faults };
};

function refusal({ code, signal, stderr }: End): string[] {
  if (signal !== null) return [`it died of ${signal}`];
  return [
    ...(code === 1 ? [] : [`it exited with ${code}`]),
    ...(stderr.includes("ERR_OUTPUT") ? [] : [`it said: ${stderr.slice(0, 200)}`]),
  ];
}

async function intoDevFull(args: readonly string[]): Promise<End | undefined> {
  const device = await open("/dev/full", "w").catch(() => undefined);
  if (!device) return undefined;
  try {
    const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", device.fd, "pipe"] });
    let stderr = "";
    child.stderr?.on("data", (data: Buffer) => (stderr += data.toString()));
    await new Promise((resolve) => child.once("close", resolve));
    return { code: child.exitCode, signal: child.signalCode, stdout: "", stderr };
  } finally {
    await device.close();
  }
}
