import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import { bounded, type KnownHost } from "../../src/ledger/known-host.ts";
import { formatLedger, isSameLedger, type Ledger, parseLedger } from "../../src/ledger/ledger.ts";
import type { PlannedChange } from "../../src/plan/plan.ts";
import { nextLedger } from "../../src/transaction/next-ledger.ts";
import { thing } from "../helpers/fake-kind.ts";
import { randomCases } from "../helpers/long-run.ts";

const ledger: Ledger = {
  topology: "t",
  host: "h",
  entries: [
    { kind: "thing", key: "a", stage: "base-network", state: thing("a", 2), original: thing("a", 1) },
    { kind: "thing", key: "b'\n$(x)", stage: "publish", state: thing("b", 1), original: null },
  ],
};

function change(key: string, more: Partial<PlannedChange>): PlannedChange {
  return {
    kind: "thing",
    key,
    host: "h",
    action: "create",
    before: undefined,
    after: thing(key, 1),
    description: "",
    fields: [],
    reason: "",
    why: "",
    stage: "base-network",
    phase: "build",
    isAction: false,
    commands: [],
    original: undefined,
    ...more,
  };
}

describe("a ledger's text", () => {
  it("reads back as it was written", () => {
    expect(parseLedger(formatLedger(ledger), "t", "h")).toEqual(ledger);
  });

  it.each([
    ["cut off", (text: string) => text.slice(0, -20), /not JSON/],
    ["a flipped bit", (text: string) => text.replace('"size":2', '"size":3'), /checksum/],
    ["another format's", (text: string) => text.replace("ledger/1", "plan/1"), /format/],
    ["of no host", (text: string) => text.replace('"host": "h"', '"host": 7'), /names no host/],
    ["empty", () => "\n", /empty/],
    ["another topology's", (text: string) => text.replace('"topology": "t"', '"topology": "u"'), /belongs to/],
    ["something else", () => "[]", /not a ledger/],
    ["an entry of no stage", (text: string) => text.replace('"publish"', "7"), /malformed/],
  ])("is refused when it is %s", (_name, damage, message) => {
    expect(() => parseLedger(damage(formatLedger(ledger)), "t", "h")).toThrow(message);
  });
});

describe("a damaged ledger", () => {
  const text = formatLedger(ledger);
  const bytes = Buffer.from(text);

  it("is refused wherever it is cut off, but for the end of its last line", () => {
    for (let length = 0; length < bytes.length - 1; length += 1) {
      expect(codeOf(bytes.subarray(0, length).toString())).toBe("LVS-LEDGER-001");
    }
    expect(parseLedger(text.slice(0, -1), "t", "h")).toEqual(ledger);
  });

  it("is refused, or says the same, whatever bits are flipped", () => {
    const flips = fc.array(fc.nat(bytes.length * 8 - 1), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(flips, (bits) => {
        const damaged = Buffer.from(bytes);
        for (const bit of bits) damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        try {
          expect(parseLedger(damaged.toString(), "t", "h").entries).toEqual(ledger.entries);
        } catch (error) {
          if (!(error instanceof LvsctlError)) throw error;
          expect(error.code).toMatch(/^LVS-LEDGER-00[12]$/);
        }
      }),
      { numRuns: randomCases(3000) },
    );
  });

  it("is refused with what is wrong and the ways out", () => {
    const error = errorOf(text.slice(0, 50));
    expect(error?.message).toBe(
      "The ledger /var/lib/lvsctl/t/ledger.json cannot be used: it is not JSON: truncated or damaged.",
    );
    expect(error?.details.hint).toContain("lvsctl ledger repair makes a new ledger");
    expect(error?.details.hint).toContain("lvsctl apply --adopt");
  });

  it("of a newer version is not called damaged", () => {
    const error = errorOf(text.replace("ledger/1", "ledger/2"));
    expect(error?.code).toBe("LVS-LEDGER-002");
    expect(error?.message).toContain("made by a newer lvsctl: its format is lvsctl.ledger/2");
  });

  it("of a newer version says which one can read it", () => {
    const newer = { ...ledger, run: { id: "1", since: "2026-05-04T12:00:00.000Z", hosts: ["h"], version: "9.1.0" } };
    const hint = (text: string) => errorOf(text)?.details.hint;
    expect(hint(formatLedger(newer).replace("ledger/1", "ledger/2"))).toContain("Use lvsctl 9.1.0, or a newer one.");
    expect(hint(formatLedger(ledger).replace("ledger/1", "ledger/2"))).toContain(
      "Use the lvsctl that made it, or a newer one.",
    );
    expect(parseLedger(formatLedger(newer), "t", "h")).toEqual(newer);
  });

  it("with a stage that only a newer version knows is not called damaged", () => {
    const entries = ledger.entries.map((entry) => ({ ...entry, stage: "sometime" as "publish" }));
    const error = errorOf(formatLedger({ ...ledger, entries }));
    expect(error?.code).toBe("LVS-LEDGER-002");
    expect(error?.message).toContain('it has an entry of the stage "sometime", which this one does not know');
  });

  const more = { colour: "red" };
  const hosts: readonly KnownHost[] = [{ name: "lb2", roles: [], ssh: { destination: "lb2" } }];
  const run = { id: "1", since: "2026-05-04T12:00:00.000Z", hosts: ["h"], version: "9.1.0" };
  it.each<[string, string, string]>([
    ["beside the others", formatLedger(ledger).replace('"topology"', '"colour": "red",\n  "topology"'), "colour"],
    ["in its run", formatLedger({ ...ledger, run: { ...run, ...more } }), "run.colour"],
    ["in another host", formatLedger({ ...ledger, hosts: hosts.map((one) => ({ ...one, ...more })) }), "hosts.colour"],
    [
      "in the login of another host",
      formatLedger({ ...ledger, hosts: hosts.map((one) => ({ ...one, ssh: { ...one.ssh, ...more } })) }),
      "hosts.ssh.colour",
    ],
    [
      "in an entry",
      formatLedger({ ...ledger, entries: ledger.entries.map((one) => ({ ...one, ...more })) }),
      "entries.colour",
    ],
  ])("with a field %s that only a newer version knows is refused, and nothing of it is lost", (_where, text, field) => {
    const error = errorOf(text);
    expect(error?.code).toBe("LVS-LEDGER-002");
    expect(error?.message).toContain(`it has the field ${JSON.stringify(field)}, which this one does not know`);
  });

  it("with all the fields that this version knows is read", () => {
    expect(parseLedger(formatLedger({ ...ledger, hosts, run }), "t", "h")).toEqual({ ...ledger, hosts, run });
  });

  it("of the first version can always be read", () => {
    expect(parseLedger(FIRST_VERSION, "old", "lb1").entries).toHaveLength(2);
  });
});

/** As version 0.1.0 wrote it. */
const FIRST_VERSION = `{
  "format": "lvsctl.ledger/1",
  "topology": "old",
  "host": "lb1",
  "checksum": "01da0d24c40ca4992eb5ccf9ec9c4d11de09d9de589bbe1f140990f0fa2f8796",
  "entries": [
    {"kind":"sysctl","key":"net.ipv4.ip_forward","stage":"base-network","state":{"key":"net.ipv4.ip_forward","value":"1"},"original":{"key":"net.ipv4.ip_forward","value":"0"}},
    {"kind":"address","key":"10.0.0.9 dev lo","stage":"real-server-address","state":{"address":"10.0.0.9","prefix":32,"device":"lo"},"original":null}
  ]
}
`;

function errorOf(text: string): LvsctlError | undefined {
  try {
    parseLedger(text, "t", "h");
    return undefined;
  } catch (error) {
    if (error instanceof LvsctlError) return error;
    throw error;
  }
}

function codeOf(text: string): string | undefined {
  return errorOf(text)?.code;
}

describe("the other hosts in a ledger", () => {
  const known = (ssh: object) => JSON.stringify([{ name: "lb2", roles: ["director"], ssh }]);
  const withHosts = (hosts: string) =>
    formatLedger(ledger).replace('"checksum"', () => `"hosts": ${hosts},\n  "checksum"`);

  it("are parsed as they were written, with the run that wrote them", () => {
    const ssh = {
      destination: "192.0.2.6",
      port: 2222,
      user: "ops",
      jump: "ops@gate:22,[2001:db8::1]",
      become: "sudo",
    };
    const full: Ledger = {
      ...ledger,
      hosts: [{ name: "lb2", roles: ["director"], ssh: { ...ssh, become: "sudo" } }],
      run: { id: "1f", since: "2026-05-04T12:00:00.000Z", hosts: ["h", "lb2"] },
    };
    expect(parseLedger(formatLedger(full), "t", "h")).toEqual(full);
  });

  it.each([
    "+275760-09-12T23:59:59.999Z",
    "-000001-01-01T00:00:00.000Z",
    "2026-05-04",
    "2026-05-04T12:00:00Z",
    "2026-13-04T12:00:00.000Z",
    "2026-05-04T12:00:00.000Z\n",
    "yesterday",
    "",
  ])("were written by no run since %j", (since) => {
    const text = formatLedger({ ...ledger, run: { id: "1f", since, hosts: ["h"] } });
    expect(() => parseLedger(text, "t", "h")).toThrow(/the run that wrote it is malformed/);
  });

  it.each([
    [known({ destination: "-oProxyCommand=reboot" })],
    [known({ destination: "a b" })],
    [known({ destination: "lb2", user: "-l" })],
    [known({ destination: "lb2", port: 0 })],
    [known({ destination: "lb2", jump: "gate -oProxyCommand=reboot" })],
    [known({ destination: "lb2", become: "su" })],
    [known({})],
    ['"lb2"'],
    ["[null]"],
    [JSON.stringify(Array.from({ length: 257 }, () => ({ name: "a", roles: [], ssh: { destination: "a" } })))],
  ])("%s is refused", (hosts) => {
    expect(() => parseLedger(withHosts(hosts), "t", "h")).toThrow(/list of other hosts is malformed/);
  });

  it("are accepted in the same place when they are sound", () => {
    expect(parseLedger(withHosts(known({ destination: "lb2" })), "t", "h").hosts).toHaveLength(1);
  });

  it("are at most 256, directors and firewalls first", () => {
    const many = Array.from({ length: 300 }, (_, index): KnownHost => {
      return {
        name: `h${index}`,
        roles: [index < 290 ? "real-server" : "director"],
        ssh: { destination: `h${index}` },
      };
    });
    const kept = bounded(many);
    expect(kept).toHaveLength(256);
    expect(kept.filter(({ roles }) => roles.includes("director"))).toHaveLength(10);
    expect(bounded(many.slice(0, 256))).toEqual(many.slice(0, 256));
  });

  it("make ledgers differ, unless there are no entries", () => {
    const hosts: readonly KnownHost[] = [{ name: "lb2", roles: [], ssh: { destination: "lb2" } }];
    expect(isSameLedger(ledger, { ...ledger, hosts })).toBe(false);
    expect(isSameLedger(ledger, { ...ledger, hosts: [] })).toBe(true);
    expect(isSameLedger(undefined, { ...ledger, entries: [], hosts })).toBe(true);
  });
});

describe("nextLedger", () => {
  it("accounts for what a run makes before it is made, and keeps what it is going to clear", () => {
    const during = nextLedger("t", "h", ledger, [change("c", {}), change("a", { phase: "clear" })], false);
    expect(during.entries.map(({ key }) => key)).toEqual(["a", "b'\n$(x)", "c"]);
  });

  it("holds only what is wanted when the run is done", () => {
    const after = nextLedger(
      "t",
      "h",
      ledger,
      [change("c", {}), change("a", { action: "none", original: thing("a", 1) })],
      true,
    );
    expect(after.entries.map(({ key }) => key)).toEqual(["a", "c"]);
    expect(after.entries[0]?.original).toEqual(thing("a", 1));
  });

  it("does not take what was there before and needed no change", () => {
    expect(nextLedger("t", "h", undefined, [change("z", { action: "none" })], true).entries).toEqual([]);
  });

  it("takes what another topology has as well, with what was there before either", () => {
    const shared = change("z", { action: "none", shares: true, original: thing("z", 0) });
    expect(nextLedger("t", "h", undefined, [shared], true).entries).toMatchObject([
      { key: "z", original: { size: 0 } },
    ]);
  });

  it("keeps the name that the host had", () => {
    expect(nextLedger("t", "h.example.net", ledger, [change("a", {})], true).host).toBe("h");
  });

  it("does not note actions", () => {
    expect(nextLedger("t", "h", undefined, [change("z", { isAction: true })], true).entries).toEqual([]);
  });
});
