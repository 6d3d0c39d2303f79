/** An engine's process that does what the first sample of a picture says. */
import { writeSync } from "node:fs";
import type { Engine, EngineSession } from "../../../src/native/engine.js";
import { openInProcess } from "../../../src/native/inProcess.js";
import { holdLifeline, hostChannel } from "../../../src/native/isolated/hostChannel.js";
import { nativeAddon } from "../../../src/native/load.js";
import { serve } from "../../../src/native/isolated/serve.js";
import { ABORT, HANG, KILL } from "./orders.js";

function obey(order: number | undefined): void {
  if (order === ABORT) {
    writeSync(2, "ggml.c:1: assert(order) failed\n");
    process.abort();
  }
  if (order === KILL) process.kill(process.pid, "SIGKILL");
  while (order === HANG);
}

function obeying(session: EngineSession): EngineSession {
  return {
    read: (picture, asked, signal) => {
      obey(picture.data[0]);
      return session.read(picture, asked, signal);
    },
    encode: (picture, how) => {
      obey(picture.data[0]);
      return session.encode(picture, how);
    },
    readTogether: (pictures, asked, how) => session.readTogether(pictures, asked, how),
    close: () => session.close(),
  };
}

serve(hostChannel(), async (options) => {
  holdLifeline(nativeAddon());
  const engine = await openInProcess(options);
  const { info, llamaCpp, backend, onGpu, warnings, slowStart } = engine;
  return {
    ...{ info, llamaCpp, backend, onGpu, warnings, slowStart },
    tokenize: (segments, addBos) => engine.tokenize(segments, addBos),
    openSession: async (settings, signal) => obeying(await engine.openSession(settings, signal)),
    close: () => engine.close(),
  } satisfies Engine;
});
