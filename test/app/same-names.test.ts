/** The name in a playbook's header is for people: files tell playbooks apart, even if all of them have one name. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { explain } from "../../src/app/explain.ts";
import { loadAndCompile } from "../../src/app/load.ts";
import { validateFiles } from "../../src/app/validate.ts";

const folder = mkdtempSync(join(tmpdir(), "lvsctl-same-names-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a copy of a built-in playbook that has the name of another one. */
function copy(mode: string, file: string, name: string, edit = (text: string) => text): void {
  const text = readFileSync(new URL(`../../playbooks/${mode}.yaml`, import.meta.url), "utf8");
  writeFileSync(join(folder, file), edit(text.replace(`playbook: ${mode}\n`, `playbook: ${name}\n`)));
}

copy("nat", "nat.yaml", "dr");
copy("fullnat", "full.yaml", "dr", (text) => text.replaceAll("vip-on-director", "vip-here"));
copy("fullnat", "publish.yaml", "publish");
copy("nat", "clash.yaml", "dr", (text) => text.replace("prefix: ${{ service.vip.prefix }}", "prefix: 24"));

function topology(file: string, services: string): string {
  const path = join(folder, file);
  writeFileSync(
    path,
    `version: 1
name: lab
hosts:
  fw: { role: firewall, interfaces: { eth0: 10.0.2.1/24, eth1: 172.16.10.1/24 } }
  lb: { role: director, interfaces: { eth0: 172.16.10.5/24 }, gateway: 172.16.10.1 }
  rs1: { role: real-server, interfaces: { eth0: 172.16.10.21/24 }, gateway: 172.16.10.1 }
  client: { role: client, interfaces: { eth0: 10.0.2.253/24 }, gateway: 10.0.2.1 }
services:
${services}`,
  );
  return path;
}

const file = topology(
  "topology.yaml",
  `  built-in: { mode: dr, vip: 172.16.10.10, port: 80 }
  masked: { mode: ./nat.yaml, vip: 172.16.10.11, port: 80, masquerade: true }
  full: { mode: ./full.yaml, vip: 172.16.10.12, port: 80, localAddresses: [172.16.10.201] }
  shown: { mode: ./publish.yaml, vip: 172.16.10.13, port: 80, localAddresses: [172.16.10.202], publish: { on: fw, address: 10.0.2.1 } }
`,
);

test("each service gets what its own file says, and its actions follow steps of that file", async () => {
  expect((await validateFiles([file]))[0]?.problems).toEqual([]);
  const { desired } = await loadAndCompile(file);
  const director = desired.hosts.get("lb") ?? [];
  const methods = director.filter(({ kind }) => kind === "ipvs-destination").map(({ services, state }) => [...services, state["method"]]); // biome-ignore format: one line
  expect(methods).toEqual([["built-in", "dr"], ["masked", "nat"], ["full", "nat"], ["shown", "nat"]]); // biome-ignore format: one line
  const announced = director.filter(({ kind }) => kind === "gratuitous-arp");
  for (const { services, follows = [], state } of announced) {
    const addresses = follows.filter((one) => one.includes(" address "));
    expect({ services, addresses }).toEqual({ services, addresses: [`lb address ${state["address"]} dev eth0`] });
  }
  expect(announced).toHaveLength(6);
});

test("notes and explanations belong to the service", async () => {
  const { desired } = await loadAndCompile(file);
  expect(desired.notes?.map(({ service, playbook, step }) => [service, playbook, step])).toEqual([
    ["masked", "dr", "masquerade"],
    ["full", "dr", "source-nat"],
    ["shown", "publish", "source-nat"],
  ]);
  const { services } = await explain(file, "en");
  const titles = services.map(({ name, playbooks, way }) => {
    const [filters, ...others] = playbooks.map(({ title }) => title).toReversed();
    expect(filters).toBe("Openings in packet filters");
    return [name, others.toReversed(), way?.peer];
  });
  expect(titles).toEqual([
    ["built-in", ["Direct routing"], "10.0.2.253"],
    ["masked", ["Network address translation"], "172.16.10.5"],
    ["full", ["Full network address translation"], "172.16.10.201"],
    ["shown", ["Full network address translation", "Publishing through a firewall"], "172.16.10.202"],
  ]);
});

test("steps that contradict each other are named by their files", async () => {
  const services = `  web: { mode: ./nat.yaml, vip: 172.16.10.11, port: 80, masquerade: true }
  api: { mode: ./clash.yaml, vip: 172.16.10.11, port: 81, masquerade: true }
`;
  const [{ problems } = { problems: [] }] = await validateFiles([topology("clash-topology.yaml", services)]);
  expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
    expect.stringMatching(
      /^LVS-PLAYBOOK-007 .*\(\S+\/nat\.yaml:\d+\) of service web .*\(\S+\/clash\.yaml:\d+\) of service api /,
    ),
  ]);
});
