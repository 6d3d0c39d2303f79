import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { unlessInWorkingFolder } from "../../util/installedPackage.js";
import { messageOf } from "../../util/messageOf.js";
import { isClone, outsideArchive } from "../../places.js";
import { version } from "../../version.js";
import { expected } from "../../util/expected.js";

/** An ffmpeg that was started once and answered. */
export interface Ffmpeg {
  readonly path: string;
  /** What led to it: `PATH`, `FFMPEG_PATH`, `the package …`. */
  readonly from: string;
  /** As in `ffmpeg version 7.1`. */
  readonly version: string;
  /** The arguments that make it write each frame once: no repeats, no drops. */
  readonly eachFrameOnce: readonly string[];
  /** The arguments that leave each frame of an output its own size; none where this ffmpeg cannot. */
  readonly eachFramesSize: readonly string[];
}

/** The one that is made for tonescore. */
const ownPackage = `@tonescore/ffmpeg-${process.platform}-${process.arch}`;
const isOwnMade = process.platform === "linux" && ["x64", "arm64"].includes(process.arch);

/** How ffmpeg is installed; a clone has no need of ours, which may be no release yet. */
export const INSTALL = [
  ...(isOwnMade && !isClone ? [`  npm:     npm install ${ownPackage}@${version}`] : []),
  "  Linux:   apt install ffmpeg (or dnf, pacman, apk)",
  "  macOS:   brew install ffmpeg",
  "  Windows: winget install ffmpeg",
  "  any:     npm install ffmpeg-static (or @ffmpeg-installer/ffmpeg)",
  "Or name one with the ffmpeg option or the FFMPEG_PATH environment variable.",
].join("\n");

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** True for an ffmpeg of at least this version of libavutil, and for one that does not say. */
function isSince(banner: string, major: number, minor: number): boolean {
  const [, isMajor = "99", isMinor = "0"] = /libavutil\s+(\d+)\.\s*(\d+)/.exec(banner) ?? [];
  return Number(isMajor) > major || (Number(isMajor) === major && Number(isMinor) >= minor);
}

/** `-fps_mode` came with ffmpeg 5.1, and `-vsync` is on its way out; `-autoscale` came with 4.4. */
const spoken = (banner: string): Pick<Ffmpeg, "eachFrameOnce" | "eachFramesSize"> => ({
  eachFrameOnce: [isSince(banner, 57, 28) ? "-fps_mode" : "-vsync", "passthrough"],
  eachFramesSize: isSince(banner, 56, 70) ? ["-noautoscale"] : [],
});

async function tryPath(path: string, from: string): Promise<Ffmpeg> {
  const { stdout } = await run(path, ["-hide_banner", "-version"], { windowsHide: true });
  const version = /^ffmpeg version \S+/.exec(stdout)?.[0];
  if (version === undefined) throw new Error(`it answers "${stdout.trim().slice(0, 60)}"`);
  return { path, from, version, ...spoken(stdout) };
}

/** The one that is made for tonescore, which npm installs beside it where there is one for the platform. */
function pathOfOwnPackage(): string | undefined {
  try {
    const file = unlessInWorkingFolder(ownPackage, require.resolve(`${ownPackage}/ffmpeg`));
    return file && outsideArchive(file);
  } catch {
    return undefined;
  }
}

/** The binary of an npm package, which Electron cannot start from inside an archive. */
async function pathOfPackage(name: string): Promise<string | undefined> {
  const loaded = await (import(name) as Promise<{ default?: string | { path?: string } | null }>).catch(
    () => undefined,
  );
  const found = typeof loaded?.default === "string" ? loaded.default : loaded?.default?.path;
  return found && outsideArchive(found);
}

/**
 * Looked for by ourselves: where the system looks for a bare name, the working directory may be among the places (on
 * Windows always, elsewhere by an empty or relative element of PATH), and that may be a stranger's.
 */
async function findOnPath(name: string): Promise<string | undefined> {
  const file = process.platform === "win32" && !/\.exe$/i.test(name) ? `${name}.exe` : name;
  for (const folder of (process.env.PATH ?? "").split(delimiter).filter(isAbsolute)) {
    const path = join(folder, file);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

type Candidate = readonly [from: string, path: () => Promise<string | undefined>];

/** A word without a folder is a program's name, as for a shell. */
const named = (path: string) => () => (/[/\\]/.test(path) ? Promise.resolve(path) : findOnPath(path));

/**
 * One that the user named is the only candidate: another in its place would be a surprise. The last has a build of 2018,
 * with faults that are known since.
 */
function candidates(explicit: string | undefined): readonly Candidate[] {
  if (explicit) return [["the ffmpeg option", named(explicit)]];
  if (process.env.FFMPEG_PATH) return [["FFMPEG_PATH", named(process.env.FFMPEG_PATH)]];
  return [
    [`the package ${ownPackage}`, () => Promise.resolve(pathOfOwnPackage())],
    ["the package ffmpeg-static", () => pathOfPackage("ffmpeg-static")],
    ["PATH", () => findOnPath("ffmpeg")],
    ["the package @ffmpeg-installer/ffmpeg", () => pathOfPackage("@ffmpeg-installer/ffmpeg")],
  ];
}

async function search(explicit: string | undefined): Promise<Ffmpeg> {
  const tried: string[] = [];
  for (const [from, find] of candidates(explicit)) {
    const path = await find();
    if (path === undefined) {
      tried.push(`  ${from}: not installed`);
      continue;
    }
    try {
      return await tryPath(path, from);
    } catch (error) {
      const reason = messageOf(error).split("\n")[0] ?? "";
      tried.push(`  ${from}: "${path}" does not start (${reason})`);
    }
  }
  throw expected("ffmpeg, which videos, HEIC and BMP need", {
    code: "ERR_FFMPEG_NOT_FOUND",
    but: "none was found",
    remedy: `Tried:\n${tried.join("\n")}\nInstall one:\n${INSTALL}`,
  });
}

const found = new Map<string, Promise<Ffmpeg>>();

/** Finds an ffmpeg that starts: the option, `FFMPEG_PATH`, else that of an npm package or of `PATH`. */
export function findFfmpeg(explicit?: string): Promise<Ffmpeg> {
  const key = JSON.stringify([explicit, process.env.FFMPEG_PATH, process.env.PATH]);
  const known = found.get(key);
  if (known) return known;
  const searching = search(explicit);
  found.set(key, searching);
  // What failed may be installed meanwhile.
  searching.catch(() => found.delete(key));
  return searching;
}
