/** Which hosts that have left the file a run looks for, which join it, and when the ledgers forget them. No host is asked. */
import { describe, expect, it } from "vitest";
import { forgetClean, joinRemoved, type RemovalOptions } from "../../src/app/removed-hosts.ts";
import { type Session, Sessions, type tryToOpen } from "../../src/app/sessions.ts";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import type { KnownHost } from "../../src/ledger/known-host.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { Pending } from "../../src/ledger/pending.ts";
import type { RemovedHost } from "../../src/plan/plan.ts";
import type { Host, Topology } from "../../src/topology/topology.ts";

const known = (name: string, ssh: KnownHost["ssh"] = { destination: name }): KnownHost => ({
  name,
  roles: ["director"],
  ssh,
});
const host = (name: string, ssh: Host["ssh"] = { destination: name }): Host => ({
  name,
  roles: ["director"],
  managed: true,
  ssh,
  interfaces: [],
  gateways: [],
  routes: [],
  sysctls: [],
});
const topology = (...hosts: readonly Host[]) => ({ name: "t", hosts }) as unknown as Topology;
const ledger = (name: string, ...hosts: readonly KnownHost[]): Ledger => ({
  topology: "t",
  host: name,
  entries: [],
  hosts,
});

/** A host that we are logged in to, with what was read there; `closed` and `read` count. */
function session(name: string, state: { readonly ledger?: Ledger; readonly pending?: Pending }, later = state) {
  const counts = { closed: 0, read: 0 };
  const connection = {
    execs: 0,
    close: async () => {
      counts.closed += 1;
    },
  };
  const fake = {
    host: name,
    connection,
    get state() {
      return { host: name, observed: new Map(), ...(counts.read === 0 ? state : later) };
    },
    refresh: async () => {
      counts.read += 1;
    },
  };
  return { counts, session: fake as unknown as Session };
}

/** Logins that succeed where there is a session. `calls`: whom they were asked for, and how. */
function logins(...sessions: readonly Session[]) {
  const calls: Parameters<typeof tryToOpen>[] = [];
  const logIn: typeof tryToOpen = async (...call) => {
    calls.push(call);
    const names = call[0].map(({ name }) => name);
    const opened = new Map(sessions.filter((one) => names.includes(one.host)).map((one) => [one.host, one]));
    const failed = names.filter((name) => !opened.has(name));
    return { opened, failures: new Map(failed.map((name) => [name, new LvsctlError("LVS-CONNECT-001", "no answer")])) };
  };
  return { calls, logIn };
}

const options: RemovalOptions = { parallel: 4, askSecret: async () => "secret" };
const inFile = () => session("lb1", { ledger: ledger("lb1", known("lb1"), known("lb2")) }).session;
const summary = (removed: readonly RemovedHost[]) =>
  removed.map(({ name, state, reason }) => [name, state, ...(reason === undefined ? [] : [reason])].join(" "));

describe("a host that the ledgers know and the file does not", () => {
  it("joins the run if it still has something of the topology", async () => {
    const lb2 = session("lb2", { ledger: ledger("lb2", known("lb1")) });
    const { calls, logIn } = logins(lb2.session);
    const sessions = new Sessions([inFile()]);
    const removed = await joinRemoved(sessions, topology(host("lb1")), options, "change", logIn);
    expect(summary(removed)).toEqual(["lb2 cleaned"]);
    expect([...sessions.byHost.keys()]).toEqual(["lb1", "lb2"]);
    expect(lb2.counts.closed).toBe(0);
    expect(calls[0]?.[2]).toEqual({ readOnly: false, topology: "t", desired: { topology: "t", hosts: new Map() } });
  });

  const pendingRun = { id: "1f", state: "expired", record: { topology: "t", host: "lb2", hosts: ["lb1", "lb2"] } };
  const STRANGE_RUN =
    "the run that is pending there involves none of this file's hosts: it may belong to another topology with the same name, and a destroy would roll it back";
  const ofRun = (id: string) => ({ ...ledger("lb1", known("lb2")), run: { id, since: "2026", hosts: ["lb1"] } });

  it.each<[string, object, object, string]>([
    ["that a host of the file has confirmed", pendingRun, { ledger: ofRun("1f") }, "lb2 cleaned"],
    ["that is pending on a host of the file", pendingRun, { ledger: ofRun("2e"), pending: pendingRun }, "lb2 cleaned"],
    ["whose record is damaged", { id: "1f", record: undefined }, { ledger: ofRun("1f") }, "lb2 cleaned"],
    ["that no host of the file knows", pendingRun, { ledger: ofRun("2e") }, `lb2 unreached ${STRANGE_RUN}`],
    ["of which nothing is known", { id: "", record: undefined }, { ledger: ofRun("") }, `lb2 unreached ${STRANGE_RUN}`],
    [
      "that was of other hosts",
      { ...pendingRun, record: { ...pendingRun.record, hosts: ["lb2", "db9"] } },
      { ledger: ofRun("1f") },
      `lb2 unreached ${STRANGE_RUN}`,
    ],
  ])("with nothing but a run %s", async (_what, pending, own, expected) => {
    const lb2 = session("lb2", { pending: pending as Pending });
    const sessions = new Sessions([session("lb1", own).session]);
    const { logIn } = logins(lb2.session);
    expect(summary(await joinRemoved(sessions, topology(host("lb1")), options, "read", logIn))).toEqual([expected]);
    expect(sessions.byHost.has("lb2")).toBe(expected === "lb2 cleaned");
  });

  it("is no longer spoken of if it is clean already, and its connection is closed", async () => {
    const lb2 = session("lb2", {});
    const { logIn } = logins(lb2.session);
    const sessions = new Sessions([inFile()]);
    expect(await joinRemoved(sessions, topology(host("lb1")), options, "change", logIn)).toEqual([]);
    expect([...sessions.byHost.keys()]).toEqual(["lb1"]);
    expect(lb2.counts.closed).toBe(1);
  });

  it("is not the machine that answers in its place with another host's ledger", async () => {
    const other = session("lb2", { ledger: ledger("db9") });
    const { logIn } = logins(other.session);
    const sessions = new Sessions([inFile()]);
    const removed = await joinRemoved(sessions, topology(host("lb1")), options, "change", logIn);
    expect(summary(removed)).toEqual(["lb2 unreached the machine there is db9 now"]);
    expect(sessions.byHost.size).toBe(1);
    expect(other.counts.closed).toBe(1);
  });

  it.each<[string, Ledger]>([
    ["of two hosts", ledger("lb2", known("lb2"), known("lb1", { destination: "lb1.prod" }))],
    ["of that host alone", ledger("lb2")],
    ["by an older lvsctl", { topology: "t", host: "lb2", entries: [] }],
  ])("is not the machine of another topology with the same name, %s, to which a ledger leads", async (_of, found) => {
    const theirs = session("lb2", { ledger: found });
    const ours = session("lb2", { ledger: ledger("lb2", known("lb2"), known("rs1"), known("lb1")) });
    const look = async (found: typeof theirs) => {
      const sessions = new Sessions([inFile()]);
      const removed = await joinRemoved(
        sessions,
        topology(host("lb1")),
        options,
        "change",
        logins(found.session).logIn,
      );
      return [summary(removed), [...sessions.byHost.keys()]];
    };
    expect(await look(theirs)).toEqual([
      [
        "lb2 unreached its ledger lists none of this file's hosts: it may belong to another topology with the same name, which a destroy would remove",
      ],
      ["lb1"],
    ]);
    expect(theirs.counts.closed).toBe(1);
    expect(await look(ours)).toEqual([["lb2 cleaned"], ["lb1", "lb2"]]);
  });

  it.each([
    ["another topology", { topology: "u", host: "lb2" }],
    ["another host", { topology: "t", host: "db9" }],
  ])("is not the machine on which a run on %s is pending", async (_what, record) => {
    const other = session("lb2", { pending: { record } as Pending });
    const sessions = new Sessions([inFile()]);
    const { logIn } = logins(other.session);
    expect(await joinRemoved(sessions, topology(host("lb1")), options, "change", logIn)).toEqual([]);
    expect([...sessions.byHost.keys()]).toEqual(["lb1"]);
  });

  it("is named, with the reason, if it cannot be reached", async () => {
    const { logIn } = logins();
    const removed = await joinRemoved(new Sessions([inFile()]), topology(host("lb1")), options, "change", logIn);
    expect(summary(removed)).toEqual(["lb2 unreached no answer"]);
  });

  it.each<[string, RemovalOptions, readonly string[]]>([
    ["--limit", { ...options, limit: ["lb1"] }, ["lb2 left-out"]],
    ["--forget", { ...options, forget: ["lb2"] }, []],
  ])("is not looked for with %s", async (_flag, own, expected) => {
    const { calls, logIn } = logins();
    const removed = await joinRemoved(new Sessions([inFile()]), topology(host("lb1")), own, "change", logIn);
    expect(summary(removed)).toEqual(expected);
    expect(calls).toEqual([]);
  });

  it("gets the key that all hosts of the file agree on, and never a password", async () => {
    const { calls, logIn } = logins();
    const withKey = (name: string, identityFile: string) => host(name, { destination: name, identityFile });
    const lookFrom = (...hosts: readonly Host[]) =>
      joinRemoved(new Sessions([inFile()]), topology(...hosts), options, "change", logIn);
    await lookFrom(withKey("lb1", "/k"), withKey("rs1", "/k"));
    await lookFrom(withKey("lb1", "/k"), withKey("rs1", "/other"));
    expect(calls.map(([targets]) => targets)).toEqual([
      [{ name: "lb2", ssh: { destination: "lb2", identityFile: "/k" } }],
      [{ name: "lb2", ssh: { destination: "lb2" } }],
    ]);
    for (const [, own] of calls) expect(own).not.toHaveProperty("askSecret");
  });
});

describe("after a run that has cleaned hosts", () => {
  const cleaned = (name: string): RemovedHost => ({ ...known(name), state: "cleaned" });
  const away: RemovedHost = { ...known("rs9"), state: "unreached", reason: "no answer" };

  /** What `settle` was called with, or nothing. */
  async function settled(sessions: Sessions, removed: readonly RemovedHost[], signal?: AbortSignal) {
    const calls: string[][] = [];
    await forgetClean(sessions, removed, async (hosts) => void calls.push(summary(hosts)), signal);
    return calls;
  }

  it("the ledgers forget those that are clean, and no others; nobody works on them any more", async () => {
    const lb2 = session("lb2", { ledger: ledger("lb2") }, {});
    const lb3 = session("lb3", { ledger: ledger("lb3") });
    const sessions = new Sessions([inFile(), lb2.session, lb3.session]);
    expect(await settled(sessions, [cleaned("lb2"), cleaned("lb3"), away])).toEqual([
      ["lb3 cleaned", "rs9 unreached no answer"],
    ]);
    expect([...sessions.byHost.keys()]).toEqual(["lb1", "lb3"]);
    expect([lb2.counts.closed, lb3.counts.closed]).toEqual([1, 0]);
  });

  it("nothing is written where none was cleaned, or after an interrupt", async () => {
    const lb2 = session("lb2", { ledger: ledger("lb2") }, {});
    const sessions = new Sessions([inFile(), lb2.session]);
    expect(await settled(sessions, [away])).toEqual([]);
    expect(await settled(sessions, [cleaned("lb2")], AbortSignal.abort())).toEqual([]);
    expect(lb2.counts.read).toBe(0);
  });
});
