import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sh } from "../../src/shell/quote.ts";
import { connect } from "../../src/transport/connect.ts";
import { hasSshd, LoopbackSshd } from "../helpers/loopback-sshd.ts";

describe.skipIf(!hasSshd)("login", () => {
  let sshd: LoopbackSshd;
  beforeAll(async () => {
    sshd = await LoopbackSshd.start();
  });
  afterAll(() => sshd.stop());

  it("reads and runs", async () => {
    const transport = await connect("h1", { destination: "target" }, { sshConfig: sshd.sshConfig() });
    const read = await transport.read([{ name: "id", argv: ["id", "-u"] }]);
    expect(read.get("id")).toEqual({ stdout: "0\n", stderr: "", status: 0 });
    const run = await transport.run(sh`echo out; echo err >&2; exit 7`);
    expect(run).toEqual({ stdout: "out\n", stderr: "err\n", status: 7 });
    expect(transport.execs).toBe(2);
    await transport.close();
  });
});
