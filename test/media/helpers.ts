import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { TonescoreError, type ErrorCode } from "../../src/errors.js";
import { type Ffmpeg, findFfmpeg } from "../../src/media/ffmpeg/findFfmpeg.js";
import type { Frame, RgbImage } from "../../src/media/picture.js";
import { openVideo, type Video } from "../../src/media/video/openVideo.js";

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/media/${name}`, import.meta.url));

/** A folder for the files that a suite makes; it goes with the suite. */
export function scratch(): (name: string) => string {
  let folder = "";
  before(() => (folder = mkdtempSync(join(tmpdir(), "tonescore-media-"))));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  return (name) => join(folder, name);
}

/** The system's whole ffmpeg, which makes what is read: the one that is tested may be unable to write. */
export const wholeFfmpeg = (): Promise<Ffmpeg> => findFfmpeg("ffmpeg");

/** Runs {@link wholeFfmpeg}, quietly; `input` goes to its stdin. */
export async function ffmpegArguments(args: readonly string[], input?: Uint8Array): Promise<void> {
  const { path } = await wholeFfmpeg();
  execFileSync(path, ["-y", "-v", "error", ...args], { input, stdio: ["pipe", "inherit", "inherit"] });
}

/** As {@link ffmpegArguments}, with arguments that hold no spaces. */
export const ffmpeg = (args: string, input?: Uint8Array): Promise<void> =>
  ffmpegArguments(args.split(/ +/), input);

/** Writes a shell script, to stand in for ffmpeg. */
export const script = (path: string, lines: string): Promise<void> =>
  writeFile(path, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });

/** A clip whose frame n is grey with the value 4n. ffv1 is lossless and part of every ffmpeg. */
export const counting = (frames: number, fps: number): string =>
  `-f lavfi -i color=black:s=32x24:r=${fps}:d=${frames / fps},format=gray,geq=lum=4*N`;

/** The number that {@link counting} gave a frame. */
export const numberOf = (frame: RgbImage): number => Math.round((frame.data[0] ?? NaN) / 4);

export async function collect(video: Video): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of video) frames.push(frame);
  return frames;
}

export const framesOf = (...args: Parameters<typeof openVideo>): Promise<Frame[]> =>
  collect(openVideo(...args));

export function pixel({ width, data }: RgbImage, x: number, y: number): number[] {
  return [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
}

export function expectNear(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).to.have.length(expected.length);
  actual.forEach((value, i) => {
    expect(value, `[${actual.join()}] against [${expected.join()}]`).to.be.closeTo(
      expected[i] ?? NaN,
      tolerance,
    );
  });
}

/** Awaits the failure that a test expects, and returns it for a look at its message. */
export async function failure(promise: Promise<unknown>, code: ErrorCode): Promise<TonescoreError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(TonescoreError);
  if (!(error instanceof TonescoreError)) throw new Error("unreachable");
  expect(error.code, error.message).to.equal(code);
  return error;
}
