/** Results in every JSON format that lvsctl prints, with every field that they can have. */
import { explain } from "../../src/app/explain.ts";
import { validateFiles } from "../../src/app/validate.ts";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";
import type { DescribedEntry } from "../../src/ledger/described-ledger.ts";
import type { Plan, PlannedChange } from "../../src/plan/plan.ts";
import { applyToJson } from "../../src/report/apply-json.ts";
import { diffToJson } from "../../src/report/diff.ts";
import { driftToJson } from "../../src/report/drift.ts";
import { explanationToJson } from "../../src/report/explanation.ts";
import type { JsonResult } from "../../src/report/json.ts";
import { labsToJson } from "../../src/report/labs.ts";
import { ledgersToJson } from "../../src/report/ledgers.ts";
import { planToJson } from "../../src/report/plan-json.ts";
import { validationToJson } from "../../src/report/validation.ts";
import { verificationToJson } from "../../src/report/verification.ts";
import type { RunOutcome } from "../../src/transaction/run-plan.ts";
import type { Verification } from "../../src/verify/verification.ts";

const created: PlannedChange = {
  ...{ host: "rs1", kind: "address", key: "172.16.10.10/32 dev lo", stage: "real-server-address", phase: "build" },
  ...{ action: "create", before: undefined, after: { address: "172.16.10.10", device: "lo" }, original: undefined },
  ...{ fields: [], isAction: false, description: "address 172.16.10.10/32 dev lo", reason: "missing" },
  ...{ why: "The real server accepts packets for the VIP.", commands: ["ip addr add 172.16.10.10/32 dev lo"] },
};
const deleted: PlannedChange = { ...created, action: "delete", before: created.after, after: undefined, why: "" };
const problem = {
  ...{ host: "dr", description: "IPVS service tcp 172.16.10.10:80 (rr)", message: "somebody else has made it" },
  hint: "Take it over with --adopt, or remove it.",
};
/** A plan with everything that it can hold. */
export const plan: Plan = {
  topology: "dr-lab",
  hosts: new Map([
    ["rs1", [created, deleted]],
    ["client", []],
  ]),
  problems: [{ ...problem, adoptable: true }, problem],
  warnings: [problem],
  notes: [
    { service: "web", playbook: "dr", step: "vip", message: "The VIP is on lo." },
    { playbook: "host", step: "sysctls", message: "These stay." },
  ],
  drained: [
    {
      ...{ server: "rs2", address: "172.16.20.30", services: ["web"], scope: "server" },
      ...{ since: "2026-05-04T12:00:00.000Z", by: "ann@laptop" },
    },
  ],
  adopted: 0,
  unmanaged: [
    {
      ...{
        host: "win1",
        roles: ["real-server"],
        lasting: true,
        commands: ["ip -4 route replace default via 10.0.0.1"],
      },
      needs: [
        {
          ...{ kind: "route", id: "default", what: "route default via 10.0.0.1", services: [] },
          why: "Where packets for other networks go.",
        },
        {
          ...{ kind: null, id: null, what: "a program that answers on tcp port 80 of 10.0.0.21", services: ["shop"] },
          why: "The director sends requests to this address and port.",
        },
      ],
    },
  ],
  split: { since: "2026-05-04T12:00:00.000Z", confirmed: ["rs1"], rolledBack: ["dr"] },
  removed: [
    { name: "lb2", roles: ["director"], ssh: { destination: "192.0.2.6" }, state: "unreached", reason: "no answer" },
    { name: "rs8", roles: ["real-server"], ssh: { destination: "rs8" }, state: "renamed", renamedTo: "rs9" },
  ],
  summary: { create: 1, update: 0, delete: 1, none: 0 },
};

const test = {
  ...{ type: "http" as const, target: "http://172.16.10.10:80/", from: "client" },
  ...{ requests: 12, answered: 12, retried: 1, timedOut: 0 },
} as const;
/** A verification that failed. */
export const verification: Verification = {
  topology: "dr-lab",
  ok: false,
  hosts: 3,
  checks: [
    { name: "answers", service: "web", ok: true, detail: "12 of 12 requests were answered" },
    { name: "state", ok: false, detail: "rs1: 1 thing does not match the topology" },
  ],
  services: new Map([["web", { requests: 12, failed: 0, byRealServer: new Map([["rs1", 6]]), tests: [test] }]]),
  causes: [{ host: "rs1", message: "sysctl net.ipv4.conf.all.arp_ignore = 1 is missing", why: "It would answer ARP." }],
  notes: ["dns: no requests were sent"],
  slow: [
    {
      ...{ service: "web", target: "http://172.16.10.10:80/", from: "client" },
      ...{ requests: 12, timedOut: 2, timeoutSeconds: 5 },
    },
  ],
};

const failed = new LvsctlError("LVS-STEP-001", "ip failed with exit status 2.", {
  ...{ host: "rs1", step: "address 172.16.10.10/32 dev lo", hint: "Run it by hand." },
});
const unfinished = new LvsctlError("LVS-STEP-000", "The changes failed.", {});

/** An entry of a ledger. */
export const entry: DescribedEntry = {
  ...{ kind: "sysctl", key: "net.ipv4.ip_forward", stage: "base-network", state: { value: "1" } },
  ...{ original: { value: "0" }, description: "sysctl net.ipv4.ip_forward = 1" },
};

let made: Promise<readonly JsonResult[]> | undefined;

/** Each format with as many results as it takes to show everything it can contain; made once for all tests of a worker. */
export function jsonResults(): Promise<readonly JsonResult[]> {
  made ??= makeResults();
  return made;
}

async function makeResults(): Promise<readonly JsonResult[]> {
  const fixtures = "test/fixtures/topology";
  const inputs = [`${fixtures}/vip-is-dip/input.yaml`, `${fixtures}/client-has-vip/input.yaml`, "no-such-file.yaml"];
  const outcome: RunOutcome = {
    result: "rolled-back",
    ...{ isInterrupted: false, failures: [failed, unfinished], remains: [] },
    cutOff: [{ host: "dr", key: "tcp 172.16.10.10:80 -> 172.16.20.30:80", active: 1, inactive: 2 }],
  };
  const explained = [
    "dr",
    "publish",
    "examples/tun.yaml",
    "examples/everything.yaml",
    "examples/ftp-and-sip.yaml",
    "examples/unmanaged.yaml",
    `${fixtures}/client-has-vip/input.yaml`,
    `${fixtures}/good-tests/input.yaml`,
    `${fixtures}/good-directors-serve-each-other/input.yaml`,
    `${fixtures}/good-two-directors-apart/input.yaml`,
    `${fixtures}/own-mode-without-traits/input.yaml`,
    "test/fixtures/explain/endless/topology.yaml",
    "test/fixtures/explain/one-way/topology.yaml",
    "test/fixtures/explain/unlike/topology.yaml",
    "test/fixtures/explain/relies/topology.yaml",
  ];
  const path = "/var/lib/lvsctl/dr-lab/ledger.json";
  const thing = { kind: "address", key: "172.16.10.10/32 dev lo", description: "address 172.16.10.10/32 dev lo" };
  return [
    validationToJson(await validateFiles(inputs)),
    planToJson(plan),
    diffToJson([
      {
        ...{ from: "main:lb.yaml", to: "lb.yaml", state: "both", renamedFrom: "lb", plan },
        ...{ owned: ["gw"], joining: ["rs3"], leaving: ["rs4"] },
        traffic: [
          { service: "web", effect: "lost", what: "its mode changes from dr to nat" },
          { service: "web", effect: "drained", server: "rs4", what: "rs4 (172.16.20.40:80) is removed" },
        ],
      },
    ]),
    applyToJson({ run: { result: "ran", plan, outcome }, verification }),
    applyToJson({ run: { result: "nothing-to-do", plan } }),
    verificationToJson(verification),
    driftToJson(
      {
        topology: "dr-lab",
        rivals: [{ host: "dr", address: "172.16.10.10", asker: "dr", who: ["rs1 (on eth0, 02:00:00:00:00:01)"] }],
        notes: ["fd00::10: dr cannot ask who else holds it"],
        hosts: [
          {
            ...{ host: "rs1", hasLedger: true, checked: 9 },
            differences: [
              { what: "gone", ...thing },
              {
                ...{ what: "changed", kind: "sysctl", key: "net.ipv4.ip_forward", description: "sysctl" },
                fields: [
                  { name: "value", set: "1", now: "0" },
                  { name: "other", set: undefined, now: undefined },
                ],
              },
            ],
          },
        ],
      },
      { file: "dr.yaml" },
    ),
    ledgersToJson({
      topology: "dr-lab",
      hosts: [
        { host: "dr", path, entries: [entry, { ...entry, original: null }], problem: undefined, others: ["other-lab"] },
        { host: "rs1", path, entries: undefined, problem: failed, others: [] },
      ],
    }),
    ...(await Promise.all(explained.map(async (what) => explanationToJson(await explain(what, "en"))))),
    labsToJson([
      {
        name: "dr-lab",
        state: "running",
        engine: "uml",
        init: "systemd",
        hosts: ["dr", "rs1"],
        file: "/root/topology.yaml",
        kernel: "6.1.0",
        pid: 4711,
        uptimeSeconds: 12.5,
        since: "2026-05-04T12:00:00.000Z",
      },
      { name: "old-lab", state: "dead", engine: undefined, hosts: [], pid: undefined, uptimeSeconds: undefined },
    ]),
  ];
}
