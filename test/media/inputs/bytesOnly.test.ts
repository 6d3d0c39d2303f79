import { copyFile, rename } from "node:fs/promises";
import { expect } from "chai";
import sharp from "sharp";
import { fsPath } from "../../../src/media/inputs/fileNames.js";
import { decodeImage } from "../../../src/media/image/decodeImage.js";
import { linkTo } from "../../../src/report/sections/contactSheet.js";
import { counting, ffmpeg, fixture, framesOf, numberOf, scratch } from "../helpers.js";

/** As nameFromBytes gives a name with an é of Latin-1. */
const E = "\udce9";

describe("files whose names are not UTF-8", () => {
  const at = scratch();

  before(async function () {
    if (process.platform !== "linux") return; // others have no such names
    await copyFile(fixture("quarters.png"), fsPath(at(`a${E}.png`)));
    await ffmpeg(`-f lavfi -i color=red:s=8x6 -frames:v 1 ${at("b.bmp")}`);
    await rename(at("b.bmp"), fsPath(at(`b${E}.bmp`)));
    await ffmpeg(`${counting(35, 10)} -c:v ffv1 ${at("c.mkv")}`);
    await rename(at("c.mkv"), fsPath(at(`c${E}.mkv`)));
  });

  it("are decoded: pictures by sharp and by ffmpeg, and videos", async () => {
    if (process.platform !== "linux") return;
    const { data } = await decodeImage(at(`a${E}.png`));
    const pixels = await sharp(fixture("quarters.png")).flatten({ background: "#fff" }).raw().toBuffer();
    expect(Buffer.compare(data, pixels)).to.equal(0);
    expect(await decodeImage(at(`b${E}.bmp`))).to.include({ width: 8, height: 6 });
    expect((await framesOf(at(`c${E}.mkv`))).map(numberOf)).to.deep.equal([0, 10, 20, 30]);
    expect((await framesOf(at(`c${E}.mkv`), { frames: 2 })).map(numberOf)).to.have.length(2);
  });

  it("are linked from a report by their bytes", () => {
    expect(linkTo(`/r/p/a b${E}.png`, "/r")).to.equal("p/%61%20%62%e9%2e%70%6e%67");
    expect(linkTo("/r/p/a b.png", "/r")).to.equal("p/a%20b.png");
  });
});
