import { expect, test } from "vitest";
import type { FilteredPacket } from "../../src/lvs/filtered-packet.ts";
import { passInFirewalld } from "../../src/plan/firewalld-words.ts";

const request = {
  family: 4,
  protocol: "tcp",
  destination: "172.16.10.10",
  destinationPort: 80,
  isFirst: true,
} as const;
const reply = { family: 6, protocol: "udp", source: "2001:db8::10", sourcePort: 53, isFirst: false } as const;
const tunnelled = { family: 4, protocol: "4", destination: "172.16.20.20", isFirst: true } as const;
const POLICY = "firewall-cmd --permanent --policy=lvsctl-";

test.each<readonly [FilteredPacket["hook"], Omit<FilteredPacket, "hook">, string, readonly string[]]>([
  ["input", request, `destination address="172.16.10.10" port port="80" protocol="tcp"`, ["--zone=NAME"]],
  ["input", tunnelled, `destination address="172.16.20.20" protocol value="4"`, ["--zone=NAME"]],
  [
    "forward",
    request,
    `destination address="172.16.10.10" port port="80" protocol="tcp"`,
    [
      "--new-policy=lvsctl-forward",
      `${POLICY}forward --add-ingress-zone=ANY`,
      `${POLICY}forward --add-egress-zone=ANY`,
    ],
  ],
  [
    "forward",
    reply,
    `source address="2001:db8::10" source-port port="53" protocol="udp"`,
    [`${POLICY}forward --add-rich-rule='rule family="ipv6" source`],
  ],
  [
    "output",
    reply,
    `source address="2001:db8::10" source-port port="53" protocol="udp"`,
    ["--new-policy=lvsctl-output", `${POLICY}output --add-ingress-zone=HOST`, `${POLICY}output --add-egress-zone=ANY`],
  ],
])("lets packets of %s pass: %j", (hook, packet, rule, more) => {
  for (const comesBack of [true, false]) {
    const words = passInFirewalld({ ...packet, hook }, comesBack);
    for (const part of [`--add-rich-rule='rule family="ipv${packet.family}" ${rule} accept'`, ...more])
      expect(words).toContain(part);
    expect(words.includes("--policy=")).toBe(hook !== "input");
    expect(words.includes("--zone=")).toBe(hook === "input");
    expect(words.includes("removes lvsctl's rules")).toBe(!comesBack);
  }
});
