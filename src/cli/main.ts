#!/usr/bin/env node
import { refusedNode } from "../util/nodeVersion.js";

async function start(): Promise<void> {
  const { processIo } = await import("./terminal/io.js");
  const { run } = await import("./run.js");
  process.exitCode = await run(process.argv.slice(2), processIo());
}

const problem = refusedNode(process.versions.node);
if (problem === undefined) void start();
else {
  process.stderr.write(`tonescore: ${problem} (ERR_NODE_VERSION)\n`);
  process.exitCode = 2;
}
