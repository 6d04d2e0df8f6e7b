import { describe, expect, it } from "vitest";
import { isReadOnly } from "../../src/transport/guard.ts";
import { knockCommand, parseKnock } from "../../src/verify/knock.ts";
import type { Test } from "../../src/verify/tests.ts";

const responder: Test = {
  ...{ service: "dns", type: "udp", protocol: "udp", address: "10.0.2.100", port: 53 },
  ...{ requests: 3, isNamed: true, isOwed: true, isInTurn: false },
};
const database: Test = { ...responder, type: "tcp", protocol: "tcp", port: 3306, isNamed: false };
const resolver: Test = { ...responder, type: "dns", isNamed: false };

const proxy: Test = { ...responder, type: "sip", port: 5060, isNamed: false };

const parse = (test: Test, stdout: string, stderr = "", status = 0) =>
  parseKnock(test, "client", { stdout, stderr, status });
const changed = (argv: readonly string[], at: number, word: string) =>
  argv.map((old, index) => (index === at ? word : old));

describe("the command for datagrams", () => {
  const { argv } = knockCommand({ ...responder, requests: 20 }, 5);

  it("ends with where, how many and how long", () => {
    expect(argv.slice(-5)).toEqual(["udp", "10.0.2.100", "53", "20", "5"]);
  });

  it("passes the guard, and nothing else for python3 does", () => {
    expect(isReadOnly(argv)).toBe(true);
    expect(isReadOnly(changed(argv, argv.indexOf("-B"), "-i"))).toBe(false);
    expect(isReadOnly(changed(argv, 5, `${argv[5]}\nprint()`))).toBe(false);
    expect(isReadOnly(changed(argv, 7, "example.net"))).toBe(false);
    expect(isReadOnly([...argv, "1"])).toBe(false);
    expect(isReadOnly(["python3"])).toBe(false);
    expect(isReadOnly(["python3", "-c", "1"])).toBe(false);
  });
});

describe("the command for a name server", () => {
  it("asks for the name, by the type of the address that is expected", () => {
    const asked = (more: Partial<Test>) => knockCommand({ ...resolver, ...more }, 5).argv.slice(-2);
    expect(asked({})).toEqual([".", "2"]);
    expect(asked({ host: "www.example.net" })).toEqual(["www.example.net", "1"]);
    expect(asked({ host: "www.example.net", text: "2001:db8::1" })).toEqual(["www.example.net", "28"]);
  });

  it("passes the guard over UDP and TCP, with a name and a type and nothing else", () => {
    const { argv } = knockCommand({ ...resolver, host: "www.example.net" }, 5);
    expect(isReadOnly(argv)).toBe(true);
    expect(isReadOnly(knockCommand({ ...resolver, protocol: "tcp" }, 5).argv)).toBe(true);
    expect(isReadOnly(changed(argv, argv.length - 2, "a b"))).toBe(false);
    expect(isReadOnly(changed(argv, argv.length - 1, "252"))).toBe(false);
    expect(isReadOnly(changed(argv, argv.indexOf("udp"), "sctp"))).toBe(false);
  });
});

describe("the command for a SIP server", () => {
  const { argv } = knockCommand(proxy, 5);

  it("asks for its options", () =>
    expect(argv.slice(-7)).toEqual(["udp", "10.0.2.100", "5060", "3", "5", ".", "OPTIONS"]));

  it("passes the guard over UDP, and with nothing else", () => {
    expect(isReadOnly(argv)).toBe(true);
    expect(isReadOnly(changed(argv, argv.indexOf("udp"), "tcp"))).toBe(false);
    expect(isReadOnly(changed(argv, argv.length - 1, "INVITE"))).toBe(false);
    expect(isReadOnly(changed(argv, argv.length - 2, "example.net"))).toBe(false);
    expect(isReadOnly([...argv, "1"])).toBe(false);
  });
});

describe("a SIP server's answer", () => {
  const said = (text: string) => `lvsctl-probe answered ${text}\n`;

  it("is any status, or the one that is expected", () => {
    expect(parse(proxy, said("SIP/2.0 405 Method Not Allowed"))).toMatchObject({ answered: 1, errors: [] });
    expect(parse({ ...proxy, status: 200 }, said("SIP/2.0 200 OK"))).toMatchObject({ answered: 1 });
    expect(parse({ ...proxy, status: 200 }, said("SIP/2.0 403 Forbidden"))).toMatchObject({
      ...{ answered: 0, errors: ["status 403, not 200"] },
    });
    expect(parse({ ...proxy, text: "OK" }, said("SIP/2.0 200 Fine"))).toMatchObject({ answered: 0 });
  });

  it("is not what another program says, except lvsctl's own", () => {
    expect(parse(proxy, said("hello"))).toMatchObject({
      answered: 0,
      errors: ["what answered is no SIP server: hello"],
    });
    expect(parse({ ...proxy, isNamed: true }, said("real server rs1"))).toMatchObject({ answered: 1 });
  });
});

describe("the command for a connection", () => {
  it("waits for what the service says only if something is looked for in it", () => {
    expect(knockCommand(database, 5).argv).toEqual(["lvsctl_connect", "10.0.2.100", "3306", "3", "5", "0"]);
    expect(knockCommand({ ...database, text: "SSH-2.0" }, 5).argv.at(-1)).toBe("1");
  });

  it("passes the guard, with an address and numbers", () => {
    const { argv } = knockCommand(database, 5);
    expect(isReadOnly(argv)).toBe(true);
    expect(isReadOnly(changed(argv, 1, "db.example.net"))).toBe(false);
    expect(isReadOnly(changed(argv, 2, "3306;x"))).toBe(false);
    expect(isReadOnly(argv.slice(0, -1))).toBe(false);
  });
});

describe("what was printed", () => {
  it("counts answers by the name in them, and reports each error once", () => {
    const answers = parse(
      responder,
      "lvsctl-probe answered real server rs1\nlvsctl-probe silent no answer\nlvsctl-probe silent no answer\n",
    );
    expect(answers).toMatchObject({ target: "udp 10.0.2.100:53", answered: 1, foreignAnswers: 0, timedOut: 2 });
    expect(answers).toMatchObject({ errors: ["no answer"], byRealServer: new Map([["rs1", 1]]) });
  });

  it("sees another program's answer", () => {
    expect(parse(responder, "lvsctl-probe answered hello\n")).toMatchObject({ answered: 1, foreignAnswers: 1 });
    expect(parse(resolver, "lvsctl-probe answered 00\n")).toMatchObject({ answered: 0, foreignAnswers: 0 });
  });

  it("takes a connection for the answer of a service that nobody speaks to, and a refusal for what it is", () => {
    expect(parse(database, "lvsctl-probe answered \nlvsctl-probe failed Connection refused\n")).toMatchObject({
      ...{ target: "tcp 10.0.2.100:3306", answered: 1, timedOut: 0, errors: ["connection refused"] },
    });
  });

  it("looks for a text in what the service says", () => {
    const ssh = { ...database, text: "SSH-2.0" };
    expect(parse(ssh, "lvsctl-probe answered SSH-2.0-OpenSSH_9.2\n")).toMatchObject({ answered: 1 });
    expect(parse(ssh, "lvsctl-probe answered 220 mail\nlvsctl-probe answered \n")).toMatchObject({
      answered: 0,
      errors: ['"SSH-2.0" is not in the answer: 220 mail', '"SSH-2.0" is not in the answer, which is empty'],
    });
  });

  it("says why nothing was sent", () => {
    expect(parse(responder, "", "", 127)).toBe("dns: no requests were sent from client: it has no python3");
    expect(parse(database, "", "", 127)).toBe(
      "dns: no requests were sent from client: it has neither python3, bash nor nc",
    );
    expect(parse(responder, "", "the kernel module sctp is not loaded\n", 1)).toBe(
      "dns: no requests were sent from client: the kernel module sctp is not loaded",
    );
  });
});

/** RFC 1035: a header, the question, and an A record whose name points to the question's. */
const HEADER = (flags: string, records: string) => `0001${flags}0001${records}00000000`;
const QUESTION = "0377777700000100 01".replace(" ", "");
const A = "c00c000100010000003c0004c0000207";
const ANSWER = `${HEADER("8180", "0001")}${QUESTION}${A}`;

describe("a name server's answer", () => {
  const asked = (hexadecimal: string, more: Partial<Test> = {}) =>
    parse({ ...resolver, ...more }, `lvsctl-probe answered ${hexadecimal}\n`);

  it("is any answer, also a refusal, where no name is asked for", () => {
    expect(asked(ANSWER)).toMatchObject({ answered: 1, target: "dns 10.0.2.100:53" });
    expect(asked(`${HEADER("8105", "0000")}${QUESTION}`)).toMatchObject({ answered: 1 });
    expect(asked("48656c6c6f20776f726c642e")).toMatchObject({ errors: ["what answered is no name server"] });
  });

  it("has an address for the name, or the one that is expected", () => {
    expect(asked(ANSWER, { host: "www" })).toMatchObject({ answered: 1 });
    expect(asked(ANSWER, { host: "www", text: "192.0.2.7" })).toMatchObject({ answered: 1 });
    expect(asked(ANSWER, { host: "www", text: "192.0.2.8" })).toMatchObject({
      errors: ["www has 192.0.2.7, not 192.0.2.8"],
    });
    expect(asked(`${HEADER("8183", "0000")}${QUESTION}`, { host: "www" })).toMatchObject({
      errors: ["NXDOMAIN for www"],
    });
    expect(asked(`${HEADER("8180", "0000")}${QUESTION}`, { host: "www" })).toMatchObject({
      errors: ["www has no address"],
    });
  });

  it("is the same over TCP", () => {
    expect(asked(ANSWER, { protocol: "tcp" })).toMatchObject({ answered: 1, target: "dns 10.0.2.100:53 over tcp" });
  });

  it.each(["", "00", ANSWER.slice(0, 30), ANSWER.slice(0, -2), `${HEADER("8180", "ffff")}${QUESTION}c00c`])(
    "that is cut off or wrong does no harm: %s",
    (hexadecimal) => {
      expect(() => asked(hexadecimal, { host: "www" })).not.toThrow();
    },
  );
});
