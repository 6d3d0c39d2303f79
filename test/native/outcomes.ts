import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { addonModule } from "./addonModule.js";

/** Measures and loads each pair of files, scores a picture, and prints what came of it. */
const script = `
  import { nativeAddon } from ${JSON.stringify(addonModule())};
  const addon = nativeAddon();
  const rgb = Uint8Array.from({ length: 90 * 70 * 3 }, (_, i) => (i * 2654435761) >>> 24);
  const asked = { maxContext: 0, imageMinTokens: -1, imageMaxTokens: 64, width: 400, height: 300 };
  for (const files of JSON.parse(process.argv[1])) {
    await addon.measureNeed({ ...files, ...asked, gpuLayers: 0, lowMemory: false }).catch(() => undefined);
    try {
      const model = await addon.loadModel({ ...files, gpuLayers: 0 }, () => {});
      const session = await model.createSession({ threads: 1, maxContext: 0, imageMinTokens: -1, imageMaxTokens: -1 });
      const picture = await session.encode(rgb, 90, 70);
      const tokens = model.tokenize([{ text: "The quality is", special: true }], true);
      const { logits } = await session.score([picture], [{ tokens, targets: tokens }]);
      console.log([...logits[0]].every(Number.isFinite) ? "scored" : "not finite");
    } catch (error) {
      console.log(error.code ?? String(error));
    }
  }`;

/** What came of each pair, in one process; its signal where it was ended. */
export async function outcomesOf(
  pairs: readonly { model: string; mmproj: string }[],
): Promise<(string | null)[]> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script, JSON.stringify(pairs)], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { ...process.env, NODE_OPTIONS: "", GGML_NO_BACKTRACE: "1" },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => {
    child.on("close", (_, signal) => {
      resolve([...output.split("\n").filter((line) => line !== ""), ...(signal ? [signal] : [])]);
    });
  });
}
