import { describe, expect, it } from "vitest";
import { isReadOnly } from "../../src/transport/guard.ts";
import { httpCommand, httpRounds, isCurlTooOld, parseHttp } from "../../src/verify/http.ts";
import type { Test } from "../../src/verify/tests.ts";

const page: Test = {
  ...{ service: "web", type: "http", protocol: "tcp", address: "172.16.10.10", port: 80 },
  ...{ requests: 2, isNamed: true, isOwed: true, isInTurn: false },
};
const plain: Test = { ...page, isNamed: false };
const secure: Test = { ...plain, type: "https", port: 443 };
const manner = { timeoutSeconds: 5, atOnce: 10 };

const argvOf = (test: Test, atOnce = 10) => httpCommand(test, { ...manner, atOnce }).argv;
const parse = (test: Test, stdout: string, stderr = "", status = 0) =>
  parseHttp(test, { stdout, stderr, status }, manner);
const answer = (code: number, text = "") => `${text}\nlvsctl-answer ${String(code).padStart(3, "0")}\n`;

const UNCONNECTED = "no connection: refused, or no route";
const FORBIDDEN = "forbidden by the sender's own routes or firewall";

describe("the curl command", () => {
  it("sends the same request over a connection of its own each time, not all at once", () => {
    const argv = argvOf({ ...page, requests: 20 });
    expect(argv.at(-1)).toBe("http://172.16.10.10:80/#[1-20]");
    expect(argv).toContain("Connection: close");
    expect(argv.slice(argv.indexOf("-Z")).slice(0, 3)).toEqual(["-Z", "--parallel-max", "10"]);
    expect(argvOf(page, 1)).not.toContain("-Z");
    expect(httpRounds({ ...page, requests: 20 }, manner)).toBe(2);
  });

  it("waits for each answer where open connections decide about new ones", () => {
    const inTurn = { ...page, requests: 20, isInTurn: true };
    expect(argvOf(inTurn)).not.toContain("-Z");
    expect(httpRounds(inTurn, manner)).toBe(20);
  });

  it("keeps the brackets of an IPv6 address from being a range", () => {
    expect(argvOf({ ...page, address: "2001:db8::1" }).at(-1)).toBe("http://\\[2001:db8::1\\]:80/#[1-2]");
  });

  it("does not print a page in which nothing is looked for, and prints others one after the other", () => {
    expect(argvOf(page)).not.toContain("-o");
    expect(argvOf(plain)).toContain("/dev/null");
    const looking = { ...plain, text: "welcome" };
    expect(argvOf(looking)).not.toContain("-o");
    expect(argvOf(looking)).not.toContain("-Z");
    expect(httpRounds({ ...looking, requests: 4 }, manner)).toBe(4);
  });

  it("names the site without asking a name server", () => {
    const argv = argvOf({ ...secure, host: "shop.example.net", path: "/health?full=1" });
    expect(argv).toContain("shop.example.net:443:172.16.10.10");
    expect(argv.at(-1)).toBe("https://shop.example.net:443/health?full=1#[1-2]");
  });

  it("never shares a connection by HTTP/2, nor waits for the first one to see whether it could", () => {
    expect(argvOf(page)).toContain("--http1.1");
    expect(argvOf(secure)).toContain("--http1.1");
  });

  it("checks a certificate only if it is asked to", () => {
    expect(argvOf(secure)).toContain("-k");
    expect(argvOf({ ...secure, tls: { verify: true } })).not.toContain("-k");
    const ca = argvOf({ ...secure, tls: { verify: true, ca: "/etc/ssl/ours.pem" } });
    expect(ca.slice(ca.indexOf("--cacert"))[1]).toBe("/etc/ssl/ours.pem");
    expect(argvOf(plain)).not.toContain("-k");
  });

  it.each([
    page,
    plain,
    secure,
    { ...secure, host: "shop.example.net", path: "/a,b;c?d=e&f", tls: { verify: true, ca: "/etc/ssl/ours.pem" } },
    { ...plain, address: "2001:db8::1", host: "a.b", text: "welcome" },
  ] as const)("passes the guard: %o", (test) => {
    expect(isReadOnly(argvOf(test))).toBe(true);
    expect(isReadOnly(argvOf(test, 1))).toBe(true);
  });
});

describe("what curl printed", () => {
  it("counts answers by the name on the page", () => {
    const traffic = parse(page, answer(200, "real server rs1\n") + answer(200, "real server rs2\n"));
    expect(traffic).toMatchObject({ answered: 2, foreignAnswers: 0, errors: [], timedOut: 0 });
    expect(Object.fromEntries(traffic.byRealServer)).toEqual({ rs1: 1, rs2: 1 });
  });

  it("sees another web server's page", () => {
    expect(parse(page, answer(200, "<html>It works!</html>"))).toMatchObject({ answered: 1, foreignAnswers: 1 });
  });

  it("does not take a connection for an answer, nor what is no HTTP", () => {
    const greeting = parse(
      plain,
      answer(0) + answer(0),
      "curl: (1) Received HTTP/0.9 when not allowed\ncurl: (1) Received HTTP/0.9 when not allowed\n",
      1,
    );
    expect(greeting).toMatchObject({ answered: 0, timedOut: 0, errors: ["what answered does not speak HTTP"] });
    expect(parse(plain, answer(0), "curl: (52) Empty reply from server\n", 52)).toMatchObject({
      answered: 0,
      errors: ["the connection was closed without an answer"],
    });
  });

  it("takes any status for an answer, and tells which, but for the one that is expected", () => {
    expect(parse(plain, answer(200) + answer(404))).toMatchObject({ answered: 2, remark: "status 404", errors: [] });
    expect(parse(plain, answer(301) + answer(200))).not.toHaveProperty("remark");
    expect(parse({ ...plain, status: 204 }, answer(204) + answer(404))).toMatchObject({
      answered: 1,
      errors: ["status 404 instead of 204"],
    });
    expect(parse(page, answer(404))).toMatchObject({ answered: 0, errors: ["status 404 instead of 200"] });
  });

  /** As curl 7.88.1 prints it: a server that sends its headers, and of the page nothing. */
  const stalled = "curl: (28) Operation timed out after 5001 milliseconds with 0 out of 16 bytes received\n";

  it("does not take an answer that broke off for a stranger's", () => {
    const good = answer(200, "real server rs1\n");
    expect(parse(page, good + answer(200), stalled, 28)).toMatchObject({
      ...{ answered: 1, timedOut: 1, foreignAnswers: 0 },
      errors: ["timed out after 5 s", "1 answer began and did not end"],
    });
    const cut = "curl: (18) transfer closed with 16 bytes remaining to read\n";
    expect(parse(page, answer(200) + answer(200), stalled + cut, 28)).toMatchObject({
      ...{ answered: 0, timedOut: 1, foreignAnswers: 0 },
    });
    // Whoever has answered in full, and is no real server, is still seen.
    expect(parse(page, answer(200, "It works!") + answer(200), stalled, 28)).toMatchObject({
      ...{ answered: 1, timedOut: 1, foreignAnswers: 1 },
    });
    expect(parse(page, answer(200) + good)).toMatchObject({ answered: 2, foreignAnswers: 1 });
  });

  it("does not take an answer that broke off for one, where no name or another text is expected", () => {
    expect(parse(plain, answer(200) + answer(200), stalled, 28)).toMatchObject({ answered: 1, timedOut: 1 });
    const looking = { ...plain, text: "welcome" };
    const late = parse(looking, answer(200, "welcome") + answer(200, "wel"), stalled, 28);
    expect(late).toMatchObject({ answered: 1, timedOut: 1 });
    expect(late.errors).not.toContain('"welcome" is not in the answer');
    const other = parse(looking, answer(200, "welcome") + answer(200, "closed"));
    expect(other).toMatchObject({ answered: 1, timedOut: 0, errors: ['"welcome" is not in the answer'] });
  });

  it("takes a request that got no answer at all for nothing else", () => {
    const silent = "curl: (28) Connection timed out after 5001 milliseconds\n";
    const found = parse(page, answer(200, "real server rs1\n") + answer(0), silent, 28);
    expect(found).toMatchObject({ answered: 1, timedOut: 1, foreignAnswers: 0, errors: ["timed out after 5 s"] });
  });

  it("looks for a text in each answer", () => {
    const looking = { ...plain, text: "welcome" };
    expect(parse(looking, answer(200, "<p>welcome</p>") + answer(200, "<p>maintenance</p>"))).toMatchObject({
      answered: 1,
      errors: ['"welcome" is not in the answer'],
    });
  });

  it.each([
    // As curl 7.88.1 (Debian 12) prints it of a refusal, and of routes that are missing, unreachable or prohibited alike.
    ["(7) Failed to connect to 10.0.2.1 port 80 after 1 ms: Couldn't connect to server", UNCONNECTED, 0],
    // As the sources of curl 8 have it (lib/connect.c, lib/strerror.c).
    ["(7) Failed to connect to 10.0.2.1 port 80 after 1 ms: Could not connect to server", UNCONNECTED, 0],
    // As curl 7.74 (Debian 11) does, which names the reason.
    ["(7) Failed to connect to 10.0.2.1 port 80: Connection refused", "connection refused", 0],
    ["(7) Failed to connect to 10.0.2.1 port 80: Network is unreachable", "network unreachable", 0],
    ["(7) Failed to connect to 10.0.2.1 port 80: Permission denied", FORBIDDEN, 0],
    ["(7) Failed to connect to 10.0.2.1 port 80: No route to host", "no route to the host", 0],
    ["(28) Failed to resolve host '192.0.2.100' with timeout after 5001 ms", "timed out after 5 s", 1],
    ["(28) Connection timed out after 5001 milliseconds", "timed out after 5 s", 1],
    ["(28) Operation timed out after 5001 milliseconds with 0 bytes received", "timed out after 5 s", 1],
    // As curl 7.29.0 prints it: built from its sources and run.
    ["(7) Failed connect to 127.0.0.1:18099; Connection refused", "connection refused", 0],
    ["(28) Operation timed out after 1001 milliseconds with 0 out of -1 bytes received", "timed out after 5 s", 1],
    ["(56) Recv failure: Connection reset by peer", "the connection was reset", 0],
    ["(35) error:0A00010B:SSL routines::wrong version number", "what answered does not speak TLS", 0],
    ["(60) SSL certificate problem: self-signed certificate", "SSL certificate problem: self-signed certificate", 0],
  ])("translates %s", (said, meaning, timedOut) => {
    expect(parse(secure, answer(0) + answer(0), `curl: ${said}\n`, 7)).toMatchObject({
      ...{ answered: 0, errors: [meaning], timedOut },
    });
  });

  it("sees an error behind curl's progress meter, and takes no other text for one", () => {
    const meter = "--  --      0     0    20    10  --:--:--  0:00:03 --:--:--     6      ";
    const said = "curl: (28) Connection timed out after 5001 milliseconds\n";
    expect(parse(plain, answer(0) + answer(0), `${meter}${said}${said}`, 28)).toMatchObject({ timedOut: 2 });
    expect(parse(plain, answer(0), `${meter}\n`, 28)).toMatchObject({ timedOut: 0, errors: [] });
  });

  it("knows an old curl", () => {
    expect(isCurlTooOld({ stdout: "", stderr: "curl: option -Z: is unknown", status: 2 })).toBe(true);
    expect(isCurlTooOld({ stdout: "", stderr: "curl: (7) refused", status: 7 })).toBe(false);
  });
});
