/** How many hosts are logged in to at a time, by a fake login that counts. */
import { beforeEach, describe, expect, it } from "vitest";
import { openSessions, type Session, tryToOpen } from "../../src/app/sessions.ts";
import type { connect } from "../../src/transport/connect.ts";
import type { Transport } from "../../src/transport/transport.ts";

const hosts = ["a", "b", "c", "d", "e", "f"];
const targets = hosts.map((name) => ({ name, ssh: { destination: name } }));
const options = { parallel: 2 };
const what = { readOnly: false, topology: "t", desired: { topology: "t", hosts: new Map() } };

/** The answer of a host without ledgers. */
const NOTHING = new Map([["ledgers", { stdout: "", stderr: "", status: 0 }]]);

let now = 0;
let most = 0;
let logins = 0;

/** Logs in to a host that has nothing of any topology; it takes a few turns, as long as others are logged in to, too. */
const logIn: typeof connect = async (host): Promise<Transport> => {
  logins += 1;
  now += 1;
  most = Math.max(most, now);
  for (let turn = 0; turn < hosts.length; turn++) await new Promise((resolve) => setImmediate(resolve));
  now -= 1;
  const close = async () => {};
  const run = () => Promise.reject(new Error("nothing is run here"));
  return { host, execs: 0, read: async () => NOTHING, run, close };
};

beforeEach(() => {
  [now, most, logins] = [0, 0, 0];
});

/** How many logins have begun since the last call, and how many of them were under way at a time. */
function counted() {
  const counts = { logins, most };
  [most, logins] = [0, 0];
  return counts;
}

const ways = {
  openSessions: async () => [...(await openSessions(targets, options, what, logIn)).byHost.values()],
  tryToOpen: async () => [...(await tryToOpen(targets, options, what, logIn)).opened.values()],
} satisfies Record<string, () => Promise<readonly Session[]>>;

describe.each(Object.entries(ways))(
  "no more hosts than --parallel says are logged in to at a time: %s",
  (_name, open) => {
    it("at first", async () => {
      await open();
      expect(counted()).toEqual({ logins: hosts.length, most: options.parallel });
    });

    it("again, to show that each can be reached by a new login", async () => {
      const sessions = await open();
      counted();
      await Promise.all(sessions.map((session) => session.reconnect()));
      expect(counted()).toEqual({ logins: hosts.length, most: options.parallel });
    });

    it("again, after their connections have broken", async () => {
      const sessions = await open();
      await Promise.all(sessions.map((session) => session.abandon()));
      counted();
      await Promise.all(sessions.map((session) => session.pending()));
      expect(counted()).toEqual({ logins: hosts.length, most: options.parallel });
    });
  },
);
