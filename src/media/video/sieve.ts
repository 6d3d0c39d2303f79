import type { Sample } from "../ffmpeg/fragments.js";
import type { CodedPicture } from "../ffmpeg/nalUnits.js";

/** A packet and what is known of its picture; `time` in seconds from the clip's start. */
export interface Packet extends Sample {
  readonly picture: CodedPicture;
  readonly time: number;
}

/** Packets that wait for what comes after them; beyond that, some are let go undecided. */
const MOST_PACKETS = 1024;
const MOST_BYTES = 2 ** 25;

/**
 * Lets those packets through, in the order of decoding, without which the wanted frames could not be decoded. Left out
 * are pictures that no other is made from, and what follows the last wanted frame until the next IDR picture. Nothing
 * else is skipped, so that what is decoded has the same bits as ever.
 */
export class Sieve {
  /** Times of the frames that the packets let through so far must give, each the first of its part of the time. */
  readonly expected: number[] = [];
  readonly #part: (time: number) => number;
  /** When the first frame of each part is shown, as far as is known. */
  readonly #first = new Map<number, number>();
  #held: Packet[] = [];
  #bytes = 0;
  #restartPart = -Infinity;
  #neededBefore = false;

  constructor(part: (time: number) => number) {
    this.#part = part;
  }

  /** Takes the next packet, and gives those that are decided on now. */
  put(packet: Packet): Packet[] {
    const { restarts } = packet.picture;
    const isFull = this.#held.length >= MOST_PACKETS || this.#bytes >= MOST_BYTES;
    const decided = restarts ? this.end() : isFull ? this.#decide(this.#held.length >> 1, false) : [];
    const part = this.#part(packet.time);
    if (restarts) this.#forget(part);
    this.#first.set(part, Math.min(packet.pts, this.#first.get(part) ?? Infinity));
    this.#held.push(packet);
    this.#bytes += packet.bytes.length;
    return decided;
  }

  /** No packet that comes now needs those that are held. */
  end(): Packet[] {
    return this.#decide(this.#held.length, true);
  }

  #isWanted({ time, pts }: Packet): boolean {
    return this.#first.get(this.#part(time)) === pts;
  }

  #isNeeded(packet: Packet): boolean {
    return packet.picture.hasParameters || this.#isWanted(packet);
  }

  /** Decides on the first `count`; where the end is reached, none is kept for what comes after the last needed one. */
  #decide(count: number, isEnd: boolean): Packet[] {
    const needed = this.#held.map((packet) => this.#isNeeded(packet));
    // The two fields of a frame may be neighbours.
    const near = (index: number): boolean =>
      (needed[index - 1] ?? this.#neededBefore) || needed[index] === true || needed[index + 1] === true;
    const last = isEnd ? needed.lastIndexOf(true) : count;
    const kept = this.#held.filter(
      ({ picture }, index) => index < count && (near(index) || (picture.isReference && index < last)),
    );
    const decided = this.#held.splice(0, count);
    this.#neededBefore = !isEnd && needed[count - 1] === true;
    this.#bytes -= decided.reduce((bytes, packet) => bytes + packet.bytes.length, 0);
    const times = decided.filter((packet) => this.#isWanted(packet)).map((packet) => packet.time);
    this.expected.push(...times.sort((a, b) => a - b));
    return kept;
  }

  /** Pictures that are shown before an IDR picture may still come after it, but none from before the last one. */
  #forget(part: number): void {
    for (const old of this.#first.keys()) if (old < this.#restartPart) this.#first.delete(old);
    this.#restartPart = part;
  }
}
