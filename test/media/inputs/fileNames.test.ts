import { expect } from "chai";
import {
  bytesOfName,
  fsPath,
  isBytesOnly,
  lossyName,
  nameFromBytes,
} from "../../../src/media/inputs/fileNames.js";

describe("file names", () => {
  it("lead back to their bytes, whatever those are", () => {
    const all = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1));
    const odd = [
      ...["Gr\xfcn.jpg", "\xe2\x82", "a\xff\xfe", "\xed\xa0\x80", "\xed\xb3\xbc", "\xf0\x9f\x98"],
      ...["\xc3\xbc\xfc", "\xf5", "\xc0\xaf"],
    ];
    for (const bytes of [all, ...odd.map((text) => Buffer.from(text, "latin1"))]) {
      const name = nameFromBytes(bytes);
      expect(bytesOfName(name).equals(bytes), name).to.equal(true);
      expect(bytesOfName(JSON.parse(JSON.stringify(name)) as string).equals(bytes)).to.equal(true);
      expect(isBytesOnly(name)).to.equal(true);
      expect(fsPath(name)).to.deep.equal(bytes);
      expect(lossyName(name)).to.equal(bytes.toString());
    }
  });

  it("are themselves where they are UTF-8", () => {
    for (const name of ["a.jpg", "Gr\u00fcn \u{1f600}\ufffd.jpg"]) {
      expect(nameFromBytes(Buffer.from(name))).to.equal(name);
      expect(fsPath(name)).to.equal(name);
    }
  });
});
