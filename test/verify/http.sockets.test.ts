import { execFile } from "node:child_process";
import { createServer, type Server, type Socket } from "node:net";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { httpCommand, parseHttp } from "../../src/verify/http.ts";
import type { Test } from "../../src/verify/tests.ts";

const run = promisify(execFile);
const ADDRESS = "127.0.0.23";
const manner = { timeoutSeconds: 4, atOnce: 10 };
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A web server that stands for several real servers: who gets the connection decides whether it is answered. */
async function served(isSilent: (connection: number) => boolean): Promise<{ port: number; seen: () => number }> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    const silent = isSilent(sockets.push(socket));
    socket.on("error", () => undefined);
    socket.once("data", () => {
      if (!silent) socket.end("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nyes");
    });
  });
  await new Promise<void>((listening) => server.listen(0, ADDRESS, listening));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === "object" ? (address?.port ?? 0) : 0, seen: () => sockets.length };
}

async function ask(port: number) {
  const test: Test = {
    ...{ service: "web", type: "http", protocol: "tcp", address: ADDRESS, port },
    ...{ requests: 20, isNamed: false, isOwed: true, isInTurn: false },
  };
  const [program = "", ...words] = httpCommand(test, manner).argv;
  const { stdout, stderr, status } = await run(program, words).then(
    (output) => ({ ...output, status: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => ({ ...error, status: error.code }),
  );
  return parseHttp(test, { stdout, stderr, status }, manner);
}

describe("requests by curl", () => {
  it("are called refused where nobody listens only by a curl that says so", async () => {
    const { port } = await served(() => false);
    for (const close of closing.splice(0)) close();
    expect((await ask(port)).errors).toEqual([
      expect.stringMatching(/^(connection refused|no connection: refused, or no route)$/),
    ]);
  });

  it("are all sent, although the first real server that is asked stays silent", async () => {
    const { port, seen } = await served((connection) => connection % 2 === 1);
    expect(await ask(port)).toMatchObject({ requests: 20, answered: 10, timedOut: 10 });
    expect(seen()).toBe(20);
  });

  it("are all answered if nobody is silent, and none if everybody is", async () => {
    const loud = await served(() => false);
    expect(await ask(loud.port)).toMatchObject({ answered: 20, timedOut: 0 });
    const silent = await served(() => true);
    expect(await ask(silent.port)).toMatchObject({ answered: 0, timedOut: 20 });
    expect(silent.seen()).toBe(20);
  });
});
