import { expect } from "chai";
import { createReadStream } from "node:fs";
import { createScorer, type PresetInput, type ScorerOptions, type VideoResult } from "../../src/index.js";
import { openVideo } from "../../src/media/video/openVideo.js";
import type { NativePicture } from "../../src/native/addon.js";
import { TonescoreError } from "../../src/errors.js";
import { type EngineSession, type OpenEngine, PicturesLost } from "../../src/native/engine.js";
import { openInProcess } from "../../src/native/inProcess.js";
import { choosePresets } from "../../src/prompts/choosePresets.js";
import { loadPreset } from "../../src/prompts/loadPreset.js";
import { parseEntry } from "../../src/results/schema.js";
import { openScorer } from "../../src/scorer/createScorer.js";
import { resolveScorerOptions } from "../../src/scorer/options.js";
import { PreparedPreset } from "../../src/scorer/preparedPreset.js";
import { filesOf, loadFamily, openSession } from "../native/support.js";

const clip = "examples/clip.mp4";
const preset: PresetInput = {
  name: "joint",
  questions: [{ question: "USER: How good is this video?\n{picture}\nASSISTANT: It is", prefill: "" }],
  tones: [
    { name: "good", weight: 1, words: ["good"] },
    { name: "poor", weight: 0, words: ["poor"] },
  ],
  template: "raw",
  frames: "together",
};
const alone: PresetInput = { ...preset, name: "alone", frames: "each" };
const options: ScorerOptions = { ...filesOf("llava-1.5"), preset, threads: 1, gpu: "off" };

async function scored(more: Partial<ScorerOptions>, video: { frames?: number } = {}): Promise<VideoResult> {
  await using scorer = await createScorer({ ...options, ...more });
  return await scorer.scoreVideo(clip, video);
}

const logitsOf = ({ frames }: VideoResult): (readonly number[])[] =>
  frames.map(({ answers }) => answers.flatMap(({ words }) => words.map(({ logit }) => logit)));

/** An engine of this process whose sessions do some things otherwise. */
const changed =
  (change: (session: EngineSession) => Partial<EngineSession>): OpenEngine =>
  async (how) => {
    const engine = await openInProcess(how);
    const { info, llamaCpp, backend, onGpu, warnings, slowStart } = engine;
    return {
      ...{ info, llamaCpp, backend, onGpu, warnings, slowStart },
      tokenize: (...call) => engine.tokenize(...call),
      openSession: async (...call) => {
        const session = await engine.openSession(...call);
        return {
          read: (...read) => session.read(...read),
          encode: (...read) => session.encode(...read),
          readTogether: (...read) => session.readTogether(...read),
          close: () => session.close(),
          ...change(session),
        };
      },
      close: () => engine.close(),
    };
  };

describe("frames that are asked about together", () => {
  it("are read as their pictures are, one after another in one prompt", async () => {
    const result = await scored({}, { frames: 3 });
    const model = await loadFamily("llava-1.5");
    const session = await openSession(model);
    const prepared = await PreparedPreset.prepare(await loadPreset(preset), model);
    const pictures: NativePicture[] = [];
    const times: number[] = [];
    for await (const frame of openVideo(clip, { frames: 3 })) {
      pictures.push(await session.encode(frame.data, frame.width, frame.height));
      times.push(frame.time);
      frame.release();
    }
    const read = async (order: NativePicture[]): Promise<number[][]> => {
      const { logits } = await session.score([prepared.before, ...order], prepared.continuations);
      return [logits.flatMap((row) => [...row])];
    };
    expect(logitsOf(result)).to.deep.equal(await read(pictures));
    expect(logitsOf(result)).to.not.deep.equal(await read([...pictures].reverse()));
    expect(pictures).to.have.length(3);
    await session.close();
    const [frame] = result.frames;
    expect(result.frames).to.have.length(1);
    expect(frame?.times).to.deep.equal(times);
    expect(frame?.time).to.equal(times[0]);
    expect(result.score).to.equal(frame?.score);
    expect(result.warnings).to.deep.equal([]);
    expect(parseEntry(JSON.parse(JSON.stringify(result)), "all")).to.deep.equal(result);
  });

  it("give the same bits on any number of threads, in a process of its own, and beside other presets", async () => {
    const result = await scored({});
    expect(result.frames[0]?.times).to.have.length.above(3);
    expect(await scored({ threads: 3 })).to.deep.equal(result);
    expect(await scored({ isolate: true })).to.deep.equal(result);
    await using both = await createScorer({ ...options, preset: alone, alsoPresets: [preset] });
    const all: unknown[] = [];
    for await (const results of both.scoreAllByPreset([clip])) all.push(...results);
    const [each, joint] = all as VideoResult[];
    expect(joint && logitsOf(joint)).to.deep.equal(logitsOf(result));
    expect(each?.frames).to.have.length(result.frames[0]?.times?.length ?? 0);
    expect(each).to.deep.include(await scored({ preset: alone }));
  });

  it("are as many as fit into the context, spread over the clip", async () => {
    const { frames, warnings } = await scored({ maxContext: 220 });
    const count = frames[0]?.times?.length ?? 0;
    expect(count).to.be.within(2, 4);
    const those = await scored({ preset: alone }, { frames: count });
    expect(frames[0]?.times).to.deep.equal(those.frames.map(({ time }) => time));
    expect(warnings.join()).to.match(/fps 1 gives \d+ frames, of which (\d) fit into the model's context/);
    expect(warnings.join()).to.include(`of which ${count} fit`);
    const tooSmall = await scored({ maxContext: 80 }).catch((error: unknown) => error);
    expect(tooSmall).to.have.property("code", "ERR_CONTEXT_SIZE");
  });

  it("are those of a file, and no stream's", async () => {
    await using scorer = await createScorer(options);
    const stream = createReadStream(clip);
    const refused = await scorer.scoreVideo(stream).catch((error: unknown) => error);
    stream.destroy();
    expect(refused).to.have.property("code", "ERR_INVALID_ARGUMENT");
    expect(String(refused)).to.include("this is a stream").and.to.include("Write it to a file first");
  });

  it("are encoded once more where the engine has lost them, and once only", async () => {
    const failing = (times: number): OpenEngine => {
      let left = times;
      return changed((session) => ({
        readTogether: (...call) =>
          left-- > 0 ? Promise.reject(new PicturesLost()) : session.readTogether(...call),
      }));
    };
    const resolved = resolveScorerOptions(options);
    const presets = await choosePresets(resolved);
    const result = await scored({}, { frames: 2 });
    await using once = await openScorer(resolved, presets, failing(1));
    expect(await once.scoreVideo(clip, { frames: 2 })).to.deep.equal(result);
    await using twice = await openScorer(resolved, presets, failing(2));
    const failure = await twice.scoreVideo(clip, { frames: 2 }).catch((error: unknown) => error);
    expect(failure).to.have.property("code", "ERR_ENGINE_CRASHED");
    expect((await twice.scoreVideo(clip, { frames: 2 })).score).to.equal(result.score);
  });

  it("are let go of where one of them cannot be encoded", async () => {
    let [begun, held] = [0, 0];
    let another = (): void => undefined;
    const isHeld = new Promise<void>((resolve) => (another = resolve));
    const counting = changed((session) => ({
      encode: async (...call) => {
        if (++begun === 2) {
          await isHeld;
          throw new TonescoreError("ERR_INFERENCE", "not this one"); // the first frame: before, it was counted by
        }
        const picture = await session.encode(...call);
        held++;
        if (begun > 2) another();
        const release = (): void => {
          held--;
          picture.release();
        };
        return { tokens: picture.tokens, release };
      },
    }));
    const resolved = resolveScorerOptions({ ...options, threads: 3 });
    await using scorer = await openScorer(resolved, await choosePresets(resolved), counting);
    const failure = await scorer.scoreVideo(clip).catch((error: unknown) => error);
    expect(failure).to.include({ code: "ERR_INFERENCE", message: "not this one" });
    expect(begun).to.be.above(2);
    expect(held).to.equal(0);
  });

  it("end with the signal, and let go of what was encoded", async () => {
    await using scorer = await createScorer(options);
    const controller = new AbortController();
    const onFrame = (count: number): void => {
      if (count === 2) controller.abort();
    };
    const stopped = scorer.scoreVideo(clip, { signal: controller.signal, onFrame });
    expect(await stopped.catch((error: unknown) => error)).to.have.property("code", "ERR_ABORTED");
    expect((await scorer.scoreVideo(clip)).score).to.be.within(0, 1);
  });
});
