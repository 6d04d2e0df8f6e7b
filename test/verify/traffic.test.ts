import { describe, expect, it } from "vitest";
import type { Service } from "../../src/topology/topology.ts";
import { formatTarget, targetOf } from "../../src/verify/target.ts";
import { isCurlTooOld, parseTraffic, trafficCommand } from "../../src/verify/traffic.ts";

const web = {
  name: "web",
  protocol: "tcp",
  port: 80,
  vip: { address: "172.16.10.10", family: 4, prefix: 32 },
  testPage: true,
} as unknown as Service;

function parse(stdout: string, stderr = "", status = 0, service = web) {
  return parseTraffic(service, "client", 2, new Map([["traffic web", { stdout, stderr, status }]]));
}

describe("targetOf", () => {
  const shown = (service: Service) => {
    const target = targetOf(service);
    return target && formatTarget(target);
  };

  it("knocks at the published address, else at the VIP", () => {
    expect(shown(web)).toBe("http://172.16.10.10:80/");
    const published = { ...web, publish: { on: "fw", address: "10.0.2.1", port: 8080, hairpin: false } };
    expect(shown(published)).toBe("http://10.0.2.1:8080/");
    expect(shown({ ...web, vip: { address: "2001:db8::1", family: 6, prefix: 128 } })).toBe("http://[2001:db8::1]:80/");
  });

  it("shows no URL where HTTP cannot try", () => {
    expect(shown({ ...web, protocol: "udp" })).toBe("udp 172.16.10.10:80");
    expect(trafficCommand({ ...web, protocol: "udp" }, 1, 1, true)).toBeUndefined();
  });

  it("has none for every port", () => {
    expect(targetOf({ ...web, port: 0 })).toBeUndefined();
  });
});

describe("trafficCommand", () => {
  it("sends every request over a connection of its own", () => {
    const { argv } = trafficCommand(web, 20, 5, true) ?? { argv: [] };
    expect(argv.at(-1)).toBe("http://172.16.10.10:80/?n=[1-20]");
    expect(argv).toContain("Connection: close");
    expect(trafficCommand(web, 20, 5, false)?.argv).not.toContain("-Z");
  });

  it("keeps the brackets of an IPv6 address from being a range", () => {
    const six: Service = { ...web, vip: { address: "2001:db8::1", family: 6, prefix: 128 } };
    expect(trafficCommand(six, 2, 5, true)?.argv.at(-1)).toBe("http://\\[2001:db8::1\\]:80/?n=[1-2]");
  });
});

describe("parseTraffic", () => {
  it("counts answers by the name on the page", () => {
    const answer = (host: string) => `real server ${host}\ntopology t\n\nlvsctl-answer 200 0.001\n`;
    const traffic = parse(answer("rs1") + answer("rs2"));
    expect(traffic).toMatchObject({ answered: 2, foreignAnswers: 0, errors: [] });
    expect(Object.fromEntries(traffic.byRealServer)).toEqual({ rs1: 1, rs2: 1 });
  });

  it("tells a refusal and a time-out in curl's words, once", () => {
    const traffic = parse(
      "\nlvsctl-answer 000 0.000000\n\nlvsctl-answer 000 0.000000\n",
      "curl: (7) Failed to connect to 10.0.2.1 port 80 after 1 ms: Couldn't connect to server\ncurl: (7) Failed to connect to 10.0.2.1 port 80 after 3 ms: Couldn't connect to server\n",
      7,
    );
    expect(traffic).toMatchObject({
      answered: 0,
      errors: ["Failed to connect to 10.0.2.1 port 80: Couldn't connect to server"],
    });
  });

  it("sees another web server's page", () => {
    expect(parse("<html>It works!</html>\nlvsctl-answer 200 0.001\n")).toMatchObject({
      answered: 1,
      foreignAnswers: 1,
    });
  });

  it("counts a connection as an answer where there is no test page", () => {
    expect(
      parse("\nlvsctl-answer 000 0.002\n\nlvsctl-answer 000 0.000\n", "", 52, { ...web, testPage: false }),
    ).toMatchObject({
      answered: 1,
      foreignAnswers: 0,
    });
  });

  it("knows an old curl", () => {
    expect(isCurlTooOld(new Map([["x", { stdout: "", stderr: "curl: option -Z: is unknown", status: 2 }]]))).toBe(true);
    expect(isCurlTooOld(new Map([["x", { stdout: "", stderr: "curl: (7) refused", status: 7 }]]))).toBe(false);
  });
});
