/** What other programs and people call the modes leads to the mode that they mean. */
import { expect, test } from "vitest";
import { modeHint } from "../../src/topology/habits.ts";
import type { ModeTraits } from "../../src/topology/mode-traits.ts";
import { loadTopology } from "../helpers/load-topology.ts";

const words = {
  dr: ["gate", "route", "DROUTE", "direct-routing", "VS/DR", "lvs-dr", "DSR"],
  nat: ["masq", "masquerade", "VS/NAT", "lvs_nat"],
  tun: ["ipip", "TUNNEL", "vs/tun", "ip tunneling"],
  fullnat: ["FNAT", "snat", "lvs-fullnat", "Full NAT"],
};

test.each(Object.entries(words).flatMap(([mode, all]) => all.map((word) => [word, mode] as const)))(
  "%s is %s",
  (word, mode) => {
    const text = `version: 1
name: words
hosts:
  lb: { role: director, interfaces: { eth0: 192.0.2.5/24 } }
  rs: { role: real-server, interfaces: { eth0: 192.0.2.6/24 } }
services:
  web: { mode: ${word}, vip: 192.0.2.100, port: 80 }
`;
    const [problem] = loadTopology(text, "words.yaml").problems;
    expect(problem?.code).toBe("LVS-CONFIG-013");
    expect(problem?.details.hint).toMatch(new RegExp(`^Here it is \`mode: ${mode}\`\\.`));
  },
);

test("a word that nobody uses has no such hint", () => {
  expect(modeHint("redirect", new Map([["other", { otherNames: ["redirects"] }]]))).toBeUndefined();
});

test("a mode of somebody's own has its own names, and a kind of tunnel leads to the mode that has tunnels", () => {
  const modes = new Map<string, ModeTraits>([
    ["mine", { otherNames: ["redirect"] }],
    ["tunnels", { settings: { tunnel: "optional" } }],
  ]);
  expect(modeHint("lvs-Redirect", modes)).toBe("Here it is `mode: mine`.");
  expect(modeHint("GRE", modes)).toBe("Write `mode: tunnels`, with `tunnel: { type: gre }`.");
  expect(modeHint("GRE", new Map([["mine", {}]]))).toBeUndefined();
});
