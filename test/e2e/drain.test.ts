/** Real servers are taken out of service while a client is being served by them: what is open ends, and nothing new comes. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LabUnderTest, type Result, succeeded } from "../helpers/lab-under-test.ts";
import { isLongRun } from "../helpers/long-run.ts";
import { unwrapped } from "../helpers/mode-checks.ts";
import { whoAnswers } from "../helpers/served-page.ts";
import { until } from "../helpers/watched-process.ts";

/** Seconds on an average machine after which the client takes a connection for broken in the middle of a download. */
const SILENCE = 30;

/** More than all sockets' buffers on the way hold, so that the connection is open until the client wants it all. */
const SIZE = 20_000_000;
const LVSCTL = fileURLToPath(new URL("../../bin/lvsctl.js", import.meta.url));

/**
 * Downloads through one real server until the file /tmp/finish is there: a little twice a second; then all that is left,
 * and says how much it was.
 */
const slowClientOf = (server: string) => `cat >/tmp/slow.py <<'END'
import os, socket, time
while True:
    s = socket.create_connection(("10.0.2.1", 80))
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536) # The server's buffer stays small, too: it can write often.
    s.sendall(b"GET /big HTTP/1.0\\r\\n\\r\\n")
    data = bytearray()
    while b"\\r\\n\\r\\n" not in data or not data.split(b"\\r\\n\\r\\n", 1)[1]: data += s.recv(2048)
    if data.split(b"\\r\\n\\r\\n", 1)[1].startswith(b"${server}"): break
    s.close()
print("started", flush=True)
while not os.path.exists("/tmp/finish"):
    s.settimeout(0.2)
    try: data += s.recv(16384)
    except OSError: pass
    time.sleep(0.5)
s.settimeout(${lab.seconds(SILENCE)})
try:
    while True:
        more = s.recv(65536)
        if not more: break
        data += more
except OSError as error: print(error)
print("ended with", len(data.split(b"\\r\\n\\r\\n", 1)[1]), flush=True)
END
rm -f /tmp/finish /tmp/slow.log
setsid python3 /tmp/slow.py </dev/null >/tmp/slow.log 2>&1 &
until grep -q started /tmp/slow.log; do kill -0 $! || { cat /tmp/slow.log; exit 1; }; sleep 0.25; done`;

const FINISH = `touch /tmp/finish
until grep -q ended /tmp/slow.log; do pgrep -f /tmp/slow.p[y] >/dev/null || break; sleep 0.25; done
cat /tmp/slow.log`;

const RS1 = "172.16.10.10:80 -r 172.16.20.20:80";
const SERVERS = ["rs1", "rs2", "rs3"];
const RS3 = "  rs3:\n    role: real-server\n    interfaces: { eth0: 172.16.20.40/24 }\n    gateway: 172.16.20.1\n";

let lab: LabUnderTest;
let withoutRs1 = "";
let withRs2 = "";

beforeAll(async () => {
  const listOf = (names: readonly string[]) => `    realServers: [${names.join(", ")}]\n`;
  lab = await LabUnderTest.up("dr.yaml", "e2e-drain", (example) =>
    example
      .replace("  client:\n", `${RS3}  client:\n`)
      .replace("    scheduler: rr\n", `    scheduler: rr\n${listOf(SERVERS)}`)
      .concat("\nverify: { requests: 4, timeout: 3 }\n"),
  );
  const keeping = (file: string, names: readonly string[]) =>
    lab.variant(file, (text) => text.replace(listOf(SERVERS), listOf(names)));
  withoutRs1 = keeping("without-rs1.yaml", ["rs2", "rs3"]);
  withRs2 = keeping("with-rs2.yaml", ["rs2"]);
});

afterAll(async () => {
  await lab?.down();
});

/** A command on this lab with a topology, flags and the names of real servers in any order. */
const lvsctl = (command: string, file: string, ...args: readonly string[]) =>
  lab.lvsctl(
    command,
    "--lab",
    "--yes",
    ...args.filter((arg) => arg.startsWith("-")),
    file,
    ...args.filter((arg) => !arg.startsWith("-")),
  );
/** All real servers are in service, with the page that the slow client asks for, and nobody is being served. */
async function ensureServing(): Promise<void> {
  await lab.on("client", "pkill -f /tmp/slow.p[y] || :; rm -f /tmp/finish");
  await lab.ensureApplied();
  await Promise.all(SERVERS.map(writePage));
}

async function writePage(host: string): Promise<void> {
  const page = `/var/lib/lvsctl/${lab.name}/www-80/big`;
  await lab.on(host, `[ -e ${page} ] || yes ${host} | head -c ${SIZE} >${page}`);
}

/** rs1 is drained, and has no connection. */
async function ensureDrained(): Promise<void> {
  if ((await table()).includes(`${RS1} -g -w 0`)) return;
  await ensureServing();
  await succeeded(lvsctl("drain", lab.file, "rs1"));
}

const table = () => lab.on("dr", "ipvsadm -S -n");
const answers = () =>
  whoAnswers(
    lab,
    "client",
    Array.from({ length: 6 }, () => "10.0.2.1"),
  );

/** Waits until the director's table says so. */
async function untilTable(pattern: RegExp): Promise<void> {
  const isSo = async () => pattern.test(await table());
  await until(`the director's table shows ${pattern}`, isSo, { lab: lab.directory });
}

/** Begins a command and gives a way to see whether it has ended. */
function begun(work: Promise<Result>): { readonly result: Promise<Result>; hasEnded(): boolean } {
  let isOver = false;
  const result = work.finally(() => {
    isOver = true;
  });
  return { result, hasEnded: () => isOver };
}

describe("drain", () => {
  it("sends new requests elsewhere, lets a download end whole, and returns only after that", async () => {
    await ensureServing();
    await lab.on("client", slowClientOf("rs1"));
    const drain = begun(lvsctl("drain", lab.file, "rs1"));
    await untilTable(new RegExp(`${RS1} -g -w 0`));
    expect(new Set(await answers())).toEqual(new Set(["rs2", "rs3"]));
    expect(drain.hasEnded()).toBe(false);
    expect(await lab.on("client", FINISH)).toContain(`ended with ${SIZE}\n`);
    const { status, stdout, stderr } = await drain.result;
    expect(stdout).toContain("weight 1 → 0");
    expect(stderr).toMatch(/^rs1: 1 active, \d+ inactive$/m);
    expect(unwrapped(stdout)).toContain("none of its connections is open any more");
    expect(status, stdout).toBe(0);
  });

  if (isLongRun) {
    it("lasts through an apply, which says so and verifies what is left", async () => {
      await ensureDrained();
      const { status, stdout } = await lab.do("apply", "--yes");
      expect(unwrapped(stdout).replaceAll("\n  ", " ")).toMatch(
        /Drained: rs1 gets no connections: drained since \S+ by \S+@\S+\. lvsctl undrain/,
      );
      expect(stdout).toContain("Nothing to change on ");
      expect(status, stdout).toBe(0);
      expect(await table()).toContain(`${RS1} -g -w 0`);
      await succeeded(lab.do("verify"));
    });
  }

  it("is over with undrain", async () => {
    await ensureDrained();
    const { status, stdout } = await lvsctl("undrain", lab.file, "rs1");
    expect(stdout).toContain("weight 0 → 1");
    expect(status, stdout).toBe(0);
    expect(new Set(await answers())).toEqual(new Set(SERVERS));
  });

  if (isLongRun) {
    it("says at its limit what is still open, and stays", async () => {
      await ensureServing();
      await lab.on("client", slowClientOf("rs1"));
      const { status, stderr } = await lvsctl("drain", lab.file, "--drain-timeout=2", "rs1");
      expect(stderr).toContain("LVS-DRAIN-002");
      expect(unwrapped(stderr).replaceAll("\n  ", " ")).toMatch(
        /After 2 s rs1 still has 1 active, \d+ inactive connections\. It stays drained\./,
      );
      expect(status).toBe(1);
      expect(await table()).toContain(`${RS1} -g -w 0`);
      await succeeded(lvsctl("undrain", lab.file, "rs1"));
      expect(await lab.on("client", FINISH)).toContain(`ended with ${SIZE}\n`);
    });
  }
});

describe("an apply that removes a real server", () => {
  const ends = [
    ["is interrupted", "SIGINT", 130],
    ["is killed", "SIGKILL", null],
  ] as const;
  it.each(isLongRun ? ends : [])(
    "gives it its weight back when lvsctl %s while it waits",
    async (_title, signal, code) => {
      await ensureServing();
      await lab.on("client", slowClientOf("rs1"));
      const args = ["apply", "--lab", "--yes", "--confirm-timeout", String(lab.seconds(8)), withoutRs1];
      const child = spawn(process.execPath, [LVSCTL, ...args], { stdio: "ignore" });
      const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
      await untilTable(new RegExp(`${RS1} -g -w 0`));
      lab.forgetState();
      child.kill(signal);
      expect(await exited).toBe(code);
      await untilTable(new RegExp(`${RS1} -g -w 1`));
      const isOver = "while [ -e /var/lib/lvsctl/.transaction ]; do sleep 1; done";
      await Promise.all(["fw", "dr", "client", ...SERVERS].map((host) => lab.on(host, isOver)));
      expect(await lab.on("dr", "ls -A /var/lib/lvsctl")).toBe(`${lab.name}\n`);
    },
  );

  it("waits for its connections, which end whole, and removes it then; the hosts' timers wait with it", async () => {
    await ensureServing();
    await lab.on("client", slowClientOf("rs1"));
    const limit = lab.seconds(8);
    const apply = begun(
      lvsctl("apply", withoutRs1, "--drain-timeout=3600", `--confirm-timeout=${limit}`, "--no-verify"),
    );
    await untilTable(new RegExp(`${RS1} -g -w 0`));
    expect(new Set(await answers())).toEqual(new Set(["rs2", "rs3"]));
    await lab.on("client", `sleep ${limit + 1}`);
    expect(apply.hasEnded()).toBe(false);
    expect(await lab.on("client", FINISH)).toContain(`ended with ${SIZE}\n`);
    const { status, stderr } = await apply.result;
    expect(stderr).toContain("drain: director: real servers");
    expect(stderr).toMatch(/1 active, \d+ inactive/);
    expect(stderr).not.toContain("were still open when");
    expect(status, stderr).toBe(0);
    expect(await table()).not.toContain("172.16.20.20");
  });

  if (isLongRun) {
    it("cuts them with --no-drain", async () => {
      await ensureServing();
      await lab.on("dr", "echo 1 >/proc/sys/net/ipv4/vs/expire_nodest_conn");
      await lab.on("client", slowClientOf("rs3"));
      const { status, stderr } = await lvsctl("apply", withRs2, "--no-drain", "--no-verify");
      expect(stderr).not.toContain("drain");
      expect(status, stderr).toBe(0);
      const ended = await lab.on("client", FINISH);
      expect(ended).toMatch(/ended with \d+\n/);
      expect(ended).not.toContain(`ended with ${SIZE}\n`);
    });
  }
});

if (isLongRun) {
  describe("destroy", () => {
    it("cuts connections that have not ended in time, and says so", async () => {
      await lab.ensureApplied(withRs2);
      await writePage("rs2");
      await lab.on("client", slowClientOf("rs2"));
      const { status, stderr } = await lvsctl("destroy", withRs2, "--drain-timeout=2");
      expect(stderr).toMatch(
        /These connections were still open .*\n {2}dr: tcp 172\.16\.10\.10:80 -> 172\.16\.20\.30:80: 1 active/,
      );
      expect(status, stderr).toBe(0);
      expect(await lab.on("client", FINISH)).not.toContain(`ended with ${SIZE}\n`);
    });
  });
}
