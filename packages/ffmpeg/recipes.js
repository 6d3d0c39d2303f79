// How each library is compiled, statically and for its place in one program.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { components } from "./components.js";

/**
 * @typedef {object} Build
 * @property {Record<"ffmpeg" | "dav1d" | "zimg" | "zlib", string>} sources folders
 * @property {{ cc: string, cxx: string, ar: string, ranlib: string }} compiler
 * @property {{ cpu: string, host: string }} target as Meson and ffmpeg, and as configure scripts name it
 * @property {string} folder what is compiled goes into it
 * @property {string} jobs
 */

/** Compiled for a program that is loaded anywhere, with guards against overruns of the stack. */
const FLAGS = "-O2 -fPIC -fstack-protector-strong -w";

/** @param {Build} build */
const environment = ({ compiler, folder }) => ({
  ...process.env,
  // By name, so that no folder of the builder's gets into the program.
  PATH: `${dirname(compiler.cc)}:${process.env.PATH ?? ""}`,
  CC: "cc",
  CXX: "c++",
  AR: "ar",
  RANLIB: "ranlib",
  CFLAGS: FLAGS,
  CXXFLAGS: FLAGS,
  PKG_CONFIG_LIBDIR: join(folder, "lib", "pkgconfig"),
});

/** @param {Build} build @param {string} cwd @param {string} program @param {readonly string[]} args */
function run(build, cwd, program, args) {
  execFileSync(program, args, { cwd, env: environment(build), stdio: ["ignore", "ignore", "inherit"] });
}

/** @param {Build} build @param {string} name @returns {string} */
function newFolder({ folder }, name) {
  const made = join(folder, name);
  mkdirSync(made, { recursive: true });
  return made;
}

/** PNG, APNG, compressed headers and recorded screens. @param {Build} build */
export function buildZlib(build) {
  const cwd = newFolder(build, "zlib");
  run(build, cwd, join(build.sources.zlib, "configure"), ["--static", `--prefix=${build.folder}`]);
  run(build, cwd, "make", ["-j", build.jobs, "libz.a"]);
  run(build, cwd, "make", ["install"]);
}

/** AV1. @param {Build} build */
export function buildDav1d(build) {
  const { target, folder, sources } = build;
  const cwd = newFolder(build, "dav1d");
  const binaries = { c: "cc", ar: "ar", strip: "true", nasm: "nasm" };
  const machine = { system: "linux", cpu_family: target.cpu, cpu: target.cpu, endian: "little" };
  /** @param {Record<string, string>} values */
  const lines = (values) => Object.entries(values).map(([name, value]) => `${name} = '${value}'\n`);
  const cross = ["[binaries]\n", ...lines(binaries), "[host_machine]\n", ...lines(machine)];
  writeFileSync(join(cwd, "cross.ini"), cross.join(""));
  const options = ["enable_tools=false", "enable_tests=false", "logging=false"].map(
    (option) => `-D${option}`,
  );
  const settings = [
    "--cross-file",
    "cross.ini",
    "--prefix",
    folder,
    "--libdir",
    "lib",
    "--buildtype",
    "release",
  ];
  run(build, cwd, "meson", [
    "setup",
    "--default-library=static",
    ...settings,
    ...options,
    "out",
    sources.dav1d,
  ]);
  run(build, cwd, "ninja", ["-C", "out", "-j", build.jobs, "install"]);
}

/** HDR and wide gamuts. @param {Build} build */
export function buildZimg(build) {
  run(build, build.sources.zimg, "./autogen.sh", []);
  const cwd = newFolder(build, "zimg");
  const settings = [
    "--enable-static",
    "--disable-shared",
    `--prefix=${build.folder}`,
    `--host=${build.target.host}`,
  ];
  // The library of C++ is linked by the compiler itself.
  run(build, cwd, join(build.sources.zimg, "configure"), [...settings, "STL_LIBS="]);
  run(build, cwd, "make", ["-j", build.jobs, "install"]);
}

/** @param {Build} build */
export function buildFfmpeg(build) {
  const { target, sources } = build;
  const cwd = newFolder(build, "ffmpeg");
  const enabled = Object.entries(components).flatMap(([kind, names]) =>
    names.map((name) => `--enable-${kind}=${name}`),
  );
  run(build, cwd, join(sources.ffmpeg, "configure"), [
    ...["--enable-cross-compile", "--target-os=linux", `--arch=${target.cpu}`],
    ...["--cc=cc", "--cxx=c++", "--ld=c++", "--ar=ar", "--ranlib=ranlib", "--optflags=-O2"],
    ...["--pkg-config=pkg-config", "--pkg-config-flags=--static"],
    // ffmpeg's own code throws nothing, so nothing need be known of how to unwind it.
    ...[`--extra-cflags=${FLAGS} -fno-asynchronous-unwind-tables -I../include`, "--extra-ldflags=-L../lib"],
    ...["--enable-pic", "--extra-ldexeflags=-fPIE -pie -s"],
    ...[
      "--disable-everything",
      "--disable-autodetect",
      "--disable-network",
      "--disable-doc",
      "--disable-debug",
    ],
    ...[
      "--disable-ffprobe",
      "--disable-ffplay",
      "--disable-avdevice",
      "--disable-swresample",
      "--disable-postproc",
    ],
    ...["--enable-libdav1d", "--enable-libzimg", "--enable-zlib", ...enabled],
  ]);
  // The linker leaves symbols out; ffmpeg's next step is strip, which knows no other processor than this one.
  run(build, cwd, "make", ["-j", build.jobs, "ffmpeg_g"]);
}
