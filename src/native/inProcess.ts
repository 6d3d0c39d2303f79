import { throwIfAborted } from "../util/abort.js";
import { mapInTurn } from "../util/mapInTurn.js";
import { abortable } from "./abortable.js";
import type {
  NativeAddon,
  NativeLogits,
  NativeModel,
  NativeModelInfo,
  NativePicture,
  NativeSession,
  NativeSessionOptions,
  TextSegment,
} from "./addon.js";
import type {
  Asked,
  EncodedPicture,
  Engine,
  EngineOptions,
  EngineSession,
  Pixels,
  ReadOptions,
} from "./engine.js";
import { type Placing, placeModel } from "./fit.js";
import { type GpuUse, prepareGpu } from "./gpu.js";
import { nativeAddon } from "./load.js";

/** The engine of this process: what is fatal to it is fatal to the process. */
class InProcessEngine implements Engine {
  readonly info: NativeModelInfo;
  readonly llamaCpp: string;
  readonly backend: string;
  readonly onGpu: boolean;
  readonly warnings: readonly string[];
  readonly slowStart: string | undefined;

  constructor(
    private readonly addon: NativeAddon,
    private readonly model: NativeModel,
    { onGpu, warnings, slowStart }: GpuUse,
    { gpuLayers, layers }: Placing,
  ) {
    this.info = model.info;
    this.llamaCpp = addon.llamaCpp;
    this.onGpu = onGpu && gpuLayers !== 0;
    const part = layers && `${layers.onGpu} of ${layers.all} layers`;
    const told = this.onGpu ? part : "no layer of the model";
    this.warnings = part === undefined ? warnings : [...warnings, `The GPU has memory for ${told}.`];
    this.slowStart = slowStart;
    const devices = addon.devices().filter((device) => device.gpu === this.onGpu);
    const names = devices.map((device) => device.name).join(", ");
    this.backend = this.onGpu && part !== undefined ? `${names} (${part})` : names;
  }

  tokenize(segments: readonly TextSegment[], addBos: boolean): Promise<Int32Array> {
    return new Promise((resolve) => {
      resolve(this.model.tokenize(segments, addBos));
    });
  }

  async openSession(options: NativeSessionOptions, signal?: AbortSignal): Promise<EngineSession> {
    const session = await abortable(this.addon, signal, (abort) => this.model.createSession(options, abort));
    return new InProcessSession(this.addon, session);
  }

  close(): Promise<void> {
    this.model.dispose();
    return Promise.resolve();
  }
}

class InProcessPicture implements EncodedPicture {
  constructor(readonly native: NativePicture) {}

  get tokens(): number {
    return this.native.tokens;
  }
  release(): void {
    this.native.dispose();
  }
}

function nativeOf(picture: EncodedPicture): NativePicture {
  if (picture instanceof InProcessPicture) return picture.native;
  throw new TypeError("a picture of another engine");
}

class InProcessSession implements EngineSession {
  constructor(
    private readonly addon: NativeAddon,
    private readonly session: NativeSession,
  ) {}

  async read(
    pixels: Pixels,
    asked: readonly Asked[],
    { signal, onTaken }: ReadOptions = {},
  ): Promise<NativeLogits[]> {
    const picture = await this.encode(pixels, { signal, onTaken });
    try {
      return await mapInTurn(asked, (one) => this.readTogether([picture], one, { signal }));
    } finally {
      picture.release();
    }
  }

  async encode(
    { data, width, height }: Pixels,
    { signal, onTaken }: ReadOptions = {},
  ): Promise<InProcessPicture> {
    const { addon, session } = this;
    const encoding = abortable(addon, signal, (abort) => session.encode(data, width, height, abort, onTaken));
    return new InProcessPicture(await encoding);
  }

  readTogether(
    pictures: readonly EncodedPicture[],
    { before, continuations }: Asked,
    { signal }: Pick<ReadOptions, "signal"> = {},
  ): Promise<NativeLogits> {
    const natives = pictures.map(nativeOf);
    return abortable(this.addon, signal, (abort) =>
      this.session.score([before, ...natives], continuations, abort),
    );
  }

  close(): Promise<void> {
    return this.session.close();
  }
}

/**
 * Loads a model into this process.
 * @throws {TonescoreError} `ERR_NATIVE_LOAD`, `ERR_MODEL_INVALID`, `ERR_OUT_OF_MEMORY` before anything is
 * loaded that does not fit, `ERR_ABORTED`
 */
export async function openInProcess({
  gpu,
  memory,
  signal,
  onLoad = () => undefined,
  model: file,
  mmproj,
}: Omit<EngineOptions, "timeLimit">): Promise<Engine> {
  const addon = nativeAddon();
  const use = prepareGpu(addon, gpu);
  const placing = await placeModel(addon, { model: file, mmproj }, memory, use);
  throwIfAborted(signal);
  const { gpuLayers } = placing;
  const options = { model: file, mmproj, gpuLayers, lowMemory: memory.lowMemory };
  const model = await abortable(addon, signal, (abort) => addon.loadModel(options, onLoad, abort));
  try {
    return new InProcessEngine(addon, model, use, placing);
  } catch (error) {
    model.dispose();
    throw error;
  }
}
