import { expect } from "chai";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { HubClient } from "../../src/hub/client.js";
import { listRepository } from "../../src/hub/repository.js";
import { emptyHome, failureOf, hubAt, HubServer, impatient, removeHome } from "./hubServer.js";

describe("HubClient", () => {
  let server: HubServer;
  let home: string;
  beforeEach(async () => {
    server = await HubServer.open();
    server.serve("a/b", {});
    home = await emptyHome();
  });
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await removeHome(home);
  });

  async function ask(hub = hubAt(home, server)): Promise<void> {
    await using client = await HubClient.open(hub, impatient);
    await listRepository(client, "a/b");
  }

  it("goes through the proxy that the environment names, but where that says no", async () => {
    const through: (string | undefined)[] = [];
    const proxy = createServer();
    proxy.on("connect", ({ url }, socket) => {
      through.push(url);
      const { port } = new URL(server.url);
      const onward = connect(Number(port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        onward.pipe(socket).pipe(onward);
      });
      for (const end of [onward, socket]) end.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    process.env.HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      await ask();
      expect(through).to.deep.equal([new URL(server.url).host]);
      process.env.NO_PROXY = "127.0.0.1";
      await ask();
      expect(through).to.have.lengthOf(1);
      expect(server.asked).to.have.lengthOf(2);
    } finally {
      delete process.env.HTTP_PROXY;
      delete process.env.NO_PROXY;
      proxy.closeAllConnections();
      proxy.close();
    }
  });

  it("says that nobody answers, and for how long to wait for one who is busy", async () => {
    server.misbehave = (_, response) => {
      response.writeHead(429, { "retry-after": "600" }).end();
      return true;
    };
    expect((await failureOf(ask())).message).to.include("Try again in 10 min 0 s.");
    expect(server.asked).to.have.lengthOf(1);
    const hub = hubAt(home, server);
    await server[Symbol.asyncDispose]();
    const { code, message } = await failureOf(ask(hub));
    expect(code).to.equal("ERR_DOWNLOAD");
    expect(message).to.include("it does not take connections. Try again later.");
  });
});
