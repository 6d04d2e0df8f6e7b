import { describe, expect, it } from "vitest";
import { entryOf, inWords, isNamed, saidOf, wholeNames } from "../../src/lvs/service-name.ts";
import type { Service } from "../../src/topology/generated/topology-file.ts";
import { spread } from "../../src/topology/several.ts";

const spreadOne = (service: Partial<Service>) => spread(new Map([["web", { mode: "dr", ...service }]]), "lab");
const namesOf = (service: Partial<Service>) => [...spreadOne(service).services.keys()];

describe("an entry on several ports or addresses", () => {
  it("is a virtual service for each of them", () => {
    expect(namesOf({ vip: "10.0.0.1", ports: [80, 443] })).toEqual(["web:80", "web:443"]);
    expect(namesOf({ vips: ["10.0.0.1", "2001:DB8::1"], port: 80 })).toEqual(["web@10.0.0.1", "web@[2001:db8::1]"]);
    expect(namesOf({ vips: ["10.0.0.1", "10.0.0.2"], ports: [80, 443] })).toEqual([
      "web@10.0.0.1:80",
      "web@10.0.0.1:443",
      "web@10.0.0.2:80",
      "web@10.0.0.2:443",
    ]);
    expect([...spreadOne({ vip: "10.0.0.1", ports: [80, 443] }).services.values()]).toEqual([
      { mode: "dr", vip: "10.0.0.1", port: 80 },
      { mode: "dr", vip: "10.0.0.1", port: 443 },
    ]);
  });

  it("keeps its name where it stands for one", () => {
    expect(namesOf({ vip: "10.0.0.1", port: 80 })).toEqual(["web"]);
    expect(namesOf({ vips: ["10.0.0.1"], ports: [80] })).toEqual(["web"]);
    expect(namesOf({ vip: "10.0.0.1", ports: [80, "8000-8099"] })).toEqual(["web"]);
  });

  it("gets a mark for a range or for persistence, one for each family, and none without", () => {
    const marksOf = (service: Partial<Service>) =>
      [...spreadOne(service).services].map(([name, { fwmark }]) => `${name} ${fwmark === undefined ? "-" : "mark"}`);
    expect(marksOf({ vip: "10.0.0.1", ports: ["8000-8099"] })).toEqual(["web mark"]);
    expect(marksOf({ vip: "10.0.0.1", ports: [80, 443], persistence: {} })).toEqual(["web mark"]);
    expect(marksOf({ vips: ["10.0.0.1", "10.0.0.2"], port: 0, persistence: {} })).toEqual(["web mark"]);
    expect(marksOf({ vips: ["10.0.0.1", "2001:db8::1"], ports: ["1-9"] })).toEqual(["web@ipv4 mark", "web@ipv6 mark"]);
    expect(marksOf({ vips: ["10.0.0.1"], ports: [80], persistence: {} })).toEqual(["web -"]);
  });

  it("needs no mark for persistence on one address of each family, because no mark is for both", () => {
    const [one, two, six] = ["10.0.0.1", "10.0.0.2", "2001:db8::1"] as const;
    const partsOf = (service: Partial<Service>) =>
      [...spreadOne({ persistence: {}, ...service }).services].map(([name, { fwmark }]) =>
        fwmark === undefined ? name : `${name} mark`,
      );
    expect(partsOf({ vips: [one, six], port: 80 })).toEqual(["web@10.0.0.1", "web@[2001:db8::1]"]);
    expect(partsOf({ vips: [one, six], ports: [80, 443] })).toEqual(["web@ipv4 mark", "web@ipv6 mark"]);
    expect(partsOf({ vips: [one, six, two], port: 80 })).toEqual(["web@ipv4 mark", "web@[2001:db8::1]"]);
    expect(partsOf({ vips: [six, one, two], port: 80 })).toEqual(["web@[2001:db8::1]", "web@ipv4 mark"]);
  });

  it("matches every address and port with its mark, and all ports where it has port 0", () => {
    const [sticky] = spreadOne({ vips: ["10.0.0.1", "10.0.0.2"], ports: [80, 443], persistence: {} }).services.values();
    expect(sticky?.match).toEqual([
      { address: "10.0.0.1", ports: ["80", "443"] },
      { address: "10.0.0.2", ports: ["80", "443"] },
    ]);
    const [all] = spreadOne({
      vips: ["10.0.0.1", "10.0.0.2"],
      port: 0,
      persistence: {},
      protocol: "udp",
    }).services.values();
    expect(all?.match).toEqual([
      { address: "10.0.0.1", protocol: "udp" },
      { address: "10.0.0.2", protocol: "udp" },
    ]);
  });

  it("is published at the public addresses that stand for its own virtual ones", () => {
    const publishedAt = (service: Partial<Service>) =>
      [...spreadOne({ vip: "10.0.0.1", ...service }).services.values()].map(({ publish }) => publish?.address);
    const publish = { on: "fw", address: ["1.1.1.1", "2001:db8::ff", "1.1.1.2"] };
    const vips = ["10.0.0.1", "fd00::1", "10.0.0.2"];
    expect(publishedAt({ vips, port: 80, publish })).toEqual([["1.1.1.1"], ["2001:db8::ff"], ["1.1.1.2"]]);
    expect(publishedAt({ vips, port: 80, persistence: {}, publish })).toEqual([
      ["1.1.1.1", "1.1.1.2"],
      ["2001:db8::ff"],
    ]);
    expect(publishedAt({ vips: ["10.0.0.1"], ports: ["1-9"], publish })).toEqual([publish.address]);
  });

  it("has a mark that depends on names alone, and that no other service has", () => {
    const range = { mode: "dr", vip: "10.0.0.1", ports: ["1-9"] };
    const markOf = (entries: Record<string, Service>, topology = "lab") =>
      spread(new Map(Object.entries(entries)), topology).services.get("web")?.fwmark ?? 0;
    const mark = markOf({ web: range });
    expect(mark >>> 24).toBe(0x4c);
    expect(markOf({ other: { mode: "dr" }, web: range })).toBe(mark);
    expect(markOf({ web: range }, "shop")).not.toBe(mark);
    expect(markOf({ web: range, mine: { mode: "dr", fwmark: mark } })).toBe(mark + 1);
  });

  it("is tested on the port that its `verify` names, and the others are not", () => {
    const verifies = [...spreadOne({ vip: "10.0.0.1", ports: [80, 81], verify: { port: 81 } }).services.values()];
    expect(verifies.map(({ verify }) => verify)).toEqual([{ type: "none", port: 81 }, { port: 81 }]);
  });
});

describe("how people are told of virtual services", () => {
  it("is by the entry's name and what is special about the part", () => {
    expect(inWords("web")).toBe("web");
    expect(inWords("web:443")).toBe("web, port 443");
    expect(inWords("web@10.0.0.1")).toBe("web, at 10.0.0.1");
    expect(inWords("web@[2001:db8::1]:443")).toBe("web, port 443 at 2001:db8::1");
    expect(inWords("web@ipv6")).toBe("web, IPv6");
  });

  it("is by the entry alone where all of its parts are meant", () => {
    const all = ["web:80", "web:443", "shop"];
    expect(wholeNames(["web:80", "web:443"], all)).toEqual(["web"]);
    expect(wholeNames(["web:443", "shop"], all)).toEqual(["web:443", "shop"]);
    expect(
      saidOf(
        [
          ["web:80", "a"],
          ["shop", "b"],
          ["web:443", "a"],
        ],
        all,
      ),
    ).toEqual(["web: a", "shop: b"]);
    expect(
      saidOf(
        [
          ["web:80", "a"],
          ["shop", "a"],
        ],
        all,
      ),
    ).toEqual(["web, port 80 and shop: a"]);
  });
});

describe("what a path in a virtual service leads to", () => {
  const several = spreadOne({ vips: ["10.0.0.1", { address: "10.0.0.2" }], ports: [80, 443] });
  const sticky = spreadOne({ vip: "10.0.0.1", ports: [80, 443], persistence: {} });
  const published = spreadOne({
    vips: ["10.0.0.1", "fd00::1"],
    ports: ["80-90"],
    publish: { on: "fw", address: ["1.1.1.1", "2001:db8::ff"] },
  });

  it.each([
    [several, ["services", "web@10.0.0.2:443"], ["services", "web"]],
    [several, ["services", "web@10.0.0.2:443", "port"], ["services", "web", "ports", 1]],
    [several, ["services", "web@10.0.0.2:443", "vip", "address"], ["services", "web", "vips", 1, "address"]],
    [several, ["services", "web@10.0.0.2:443", "scheduler"], ["services", "web", "scheduler"]],
    [sticky, ["services", "web", "match", 0, "ports", 1], ["services", "web", "ports", 1]],
    [sticky, ["services", "web", "match", 0, "address"], ["services", "web", "vip"]],
    [sticky, ["services", "web", "match", 0], ["services", "web", "vip"]],
    [sticky, ["services", "web", "fwmark"], ["services", "web", "ports"]],
    [published, ["services", "web@ipv6", "publish", "address", 0], ["services", "web", "publish", "address", 1]],
    [published, ["services", "web@ipv6", "publish", "on"], ["services", "web", "publish", "on"]],
    [sticky, ["hosts", "web:80", "port"], ["hosts", "web:80", "port"]],
  ] as const)("%#: is in the file", (spread, path, written) => {
    expect(spread.writtenAt(path)).toEqual(written);
  });
});

it("a service is known by its own name and by its entry's", () => {
  expect(entryOf("web@[2001:db8::1]:80")).toBe("web");
  expect([isNamed("web:80", "web"), isNamed("web:80", "web:80"), isNamed("web:80", "web:81")]).toEqual([
    true,
    true,
    false,
  ]);
});
