/** What this kernel says to whoever may not change packet and ARP filters, as in a container. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { kinds } from "../../src/resources/kinds.ts";
import type { State } from "../../src/resources/resource.ts";
import { formatReadScript, parseReadOutput } from "../../src/shell/read-script.ts";
import { statesOf } from "./there-and-back.ts";
import { context, type ThrowAwayHost, throwAwayHost } from "./throw-away-host.ts";

const NONCE = "refused0nonce";
const BARRED = "setpriv --bounding-set -net_admin --inh-caps -net_admin";

let host: ThrowAwayHost;
beforeEach(async () => {
  host = await throwAwayHost();
});
afterEach(() => host.end());

/** What a login with the capabilities that `shell` leaves it finds of what is not there yet. */
async function missing(name: string, written: State, shell: string) {
  const kind = kinds.get(name);
  if (kind === undefined) throw new Error(name);
  const states = statesOf(kind, [written]);
  const script = formatReadScript(kind.read(states, context), NONCE);
  const { stdout, stderr } = await host.run(`${shell} sh -s <<'END'\n${script}END`);
  const observed = kind.parse(parseReadOutput(stdout, stderr, NONCE) ?? new Map(), states, context);
  return states.map((state) => [observed.states.has(kind.key(state)), kind.problem?.(state, observed, false)]);
}

const accept = (address: string) => ["-d", address, "-p", "tcp", "--dport", "80", "-j", "ACCEPT"];

test.each([
  ["iptables", "iptables-rule", { table: "filter", chain: "INPUT", rule: accept("10.0.2.1"), family: 4 }],
  ["ip6tables", "iptables-rule", { table: "filter", chain: "INPUT", rule: accept("2001:db8::10"), family: 6 }],
  ["arptables", "arptables-rule", { chain: "INPUT", destination: "10.0.2.1", target: "DROP" }],
])("%s: whoever is refused does not know the rules, root does", async (program, kind, written) => {
  const found = (shell: string) => missing(kind, written, shell);
  await expect(found(BARRED)).rejects.toMatchObject({
    code: "LVS-FACT-001",
    message: expect.stringMatching(
      `^The rules of ${program} on rs1 cannot be read: \\S+-save fails there: Could not fetch rule set generation id: Permission denied \\(you must be root\\)\\.$`,
    ),
    details: { hint: expect.stringContaining("CAP_NET_ADMIN") },
  });
  expect(await found("")).toEqual([
    [false, undefined],
    [false, undefined],
  ]);
});
