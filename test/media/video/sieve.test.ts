import { expect } from "chai";
import { type Packet, Sieve } from "../../../src/media/video/sieve.js";

/** I: an IDR picture, P: a reference, B: none, S: one with parameter sets. Each with its place in time. */
function packets(text: string): Packet[] {
  return text.split(" ").map((word, dts) => {
    const [kind, pts] = [word[0] ?? "", Number(word.slice(1))];
    const picture = {
      restarts: kind === "I",
      isReference: kind !== "B" && kind !== "S",
      hasParameters: kind === "S",
    };
    return { bytes: new Uint8Array(10), dts, pts, duration: 1, isKey: kind === "I", time: pts / 10, picture };
  });
}

/** One frame of each ten is wanted. */
function sifted(given: readonly Packet[]): { passed: number[]; expected: readonly number[] } {
  const sieve = new Sieve(Math.floor);
  const passed = [...given.flatMap((packet) => sieve.put(packet)), ...sieve.end()];
  return { passed: passed.map(({ pts }) => pts), expected: sieve.expected };
}

describe("Sieve", () => {
  it("leaves out what no other picture needs, but for neighbours, which may be the other field", () => {
    const { passed, expected } = sifted(packets("I0 P3 B1 B2 P6 B4 B5 P9 B7 B8 P12 B10 B11"));
    expect(passed).to.deep.equal([0, 3, 6, 9, 12, 10, 11]);
    expect(expected).to.deep.equal([0, 1]);
  });

  it("leaves out what follows the last wanted frame until the next IDR picture", () => {
    const { passed, expected } = sifted(packets("I0 P1 P2 P3 P4 I5 P6 P7 I8 P9 P10 P11 P12 I13 P14"));
    expect(passed).to.deep.equal([0, 1, 8, 9, 10, 11]);
    expect(expected).to.deep.equal([0, 1]);
  });

  it("keeps parameter sets, and what comes before them", () => {
    expect(sifted(packets("I0 P1 P2 S3 B4 P5 I6 P7")).passed).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it("takes the first frame of all, wherever its clock stands", () => {
    const { passed, expected } = sifted(packets("I-7 P-5 B-6 I2 P3"));
    expect(passed).to.deep.equal([-7, -5, 2, 3]);
    expect(expected).to.deep.equal([-0.7, 0.2]);
  });

  it("holds no more than so many, and loses no wanted frame where no IDR picture comes", () => {
    const text = ["I0", ...Array.from({ length: 3000 }, (_, i) => `P${2 * i + 2} B${2 * i + 1}`)].join(" ");
    const sieve = new Sieve((time) => Math.floor(time / 20));
    const passed = packets(text).map((packet) => sieve.put(packet));
    expect(passed.findIndex((some) => some.length > 0)).to.equal(1024);
    const all = new Set([...passed.flat(), ...sieve.end()].map(({ time }) => time));
    expect(sieve.expected).to.deep.equal(Array.from({ length: 31 }, (_, i) => 20 * i));
    expect(sieve.expected.every((time) => all.has(time))).to.equal(true);
    expect(all.size).to.be.within(2990, 3100);
  });
});
