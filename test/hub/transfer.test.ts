import { expect } from "chai";
import { HubClient } from "../../src/hub/client.js";
import { transfer } from "../../src/hub/transfer.js";
import {
  content,
  emptyHome,
  failureOf,
  hubAt,
  HubServer,
  impatient,
  removeHome,
  sha256,
} from "./hubServer.js";

describe("transfer", () => {
  it("says that the disk is full, and what to do", async () => {
    await using server = await HubServer.open();
    const bytes = content(100_000);
    server.serve("a/b", { "x.gguf": bytes });
    const home = await emptyHome();
    try {
      await using client = await HubClient.open(hubAt(home, server), impatient);
      const file = { name: "x.gguf", bytes: bytes.length, hash: sha256(bytes) };
      const source = { client, repository: "a/b", commit: "1".repeat(40), file };
      const error = await failureOf(transfer(source, "/dev/full", {}));
      expect(error.code).to.equal("ERR_DOWNLOAD");
      expect(error.message).to.equal(
        'Cannot write to "/dev/full": the disk is full. Free some, or name another folder with HF_HOME. What was downloaded stays, and is gone on with.',
      );
    } finally {
      await removeHome(home);
    }
  });
});
