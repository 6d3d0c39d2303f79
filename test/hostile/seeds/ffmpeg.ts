import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A moving test picture of `frames` frames, encoded and packed as the arguments say. */
export async function encodeWithFfmpeg(
  extension: string,
  args: readonly string[],
  { frames = 4, size = "96x64" } = {},
): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "tonescore-seeds-"));
  try {
    const file = join(folder, `seed.${extension}`);
    const source = ["-f", "lavfi", "-i", `testsrc2=size=${size}:rate=4`, "-frames:v", String(frames)];
    await run("ffmpeg", ["-v", "error", "-nostdin", ...source, ...args, file]);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
