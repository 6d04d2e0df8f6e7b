import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dropByDefault } from "../helpers/default-drop.ts";
import { type Snapshot, snapshot } from "../helpers/host-snapshot.ts";
import { LabUnderTest } from "../helpers/lab-under-test.ts";
import { isLongRun } from "../helpers/long-run.ts";
import {
  chainTaken,
  expectDestroyed,
  expectNoChange,
  flagTaken,
  peersOf,
  verifyWithout,
} from "../helpers/mode-checks.ts";
import { whoAnswers } from "../helpers/served-page.ts";

const ASKED = "10.0.2.100:80";
const HOSTS = ["lb", "rs1", "rs2", "client"];

let lab: LabUnderTest;
let before: Snapshot;

beforeAll(async () => {
  lab = await LabUnderTest.up(
    "nat-two-arm.yaml",
    "e2e-two",
    (text) => `${text}\nverify: { requests: 8, timeout: 2 }\n`,
  );
  await dropByDefault(lab, ["lb", "rs1", "rs2"]);
  before = await snapshot(lab, HOSTS);
  await lab.on("lb", "rmmod ip_vs"); // The snapshot's ipvsadm has loaded it.
});

afterAll(() => lab?.down());

describe("examples/nat-two-arm.yaml: the director is the gateway", () => {
  it("applies where IPVS was never loaded, and requests are shared out 3 to 1", async () => {
    await lab.ensureBare();
    const { status, stdout } = await lab.do("apply", "--yes");
    expect(stdout).toContain("8 of 8 requests from client to http://10.0.2.100:80/ were answered");
    expect(stdout).toContain("wrr: rs1 6, rs2 2");
    expect(status, stdout).toBe(0);
  });

  it("keeps the client's address: that is what the real servers see", async () => {
    await lab.ensureApplied();
    await whoAnswers(lab, "client", [ASKED, ASKED]);
    expect(await peersOf(lab, ["rs1", "rs2"], 8080)).toEqual(["10.0.2.253"]);
  });

  it("has entered the services with their ports and weights", async () => {
    await lab.ensureApplied();
    const [save = "", list = ""] = (await lab.on("lb", "ipvsadm -S -n; echo ==; ipvsadm -L -n")).split("==\n");
    expect(save.trim().split("\n").sort()).toEqual([
      "-A -t 10.0.2.100:80 -s wrr",
      "-A -u 10.0.2.100:53 -s rr",
      "-a -t 10.0.2.100:80 -r 192.168.57.11:8080 -m -w 3",
      "-a -t 10.0.2.100:80 -r 192.168.57.12:8080 -m -w 1",
      "-a -u 10.0.2.100:53 -r 192.168.57.11:53 -m -w 1",
      "-a -u 10.0.2.100:53 -r 192.168.57.12:53 -m -w 1",
    ]);
    expect(list).toMatch(/^ {2}-> 192\.168\.57\.11:8080 +Masq +3 /m);
    expect(await lab.on("lb", "cat /proc/sys/net/ipv4/vs/conntrack")).toBe("0\n");
  });

  it("applies a second time without changing anything", () => expectNoChange(lab));

  if (isLongRun) {
    it("needs ip_forward on the director", async () => {
      const text = await verifyWithout(lab, "lb", ...flagTaken("net/ipv4/ip_forward"));
      expect(text).toContain("✗ web: 0 of 8 requests");
      expect(text).toMatch(/lb: sysctl net\.ipv4\.ip_forward = 1 differs from the topology/);
    });

    it("needs the real servers' replies to be let through", async () => {
      const text = await verifyWithout(lab, "lb", ...chainTaken(lab, "filter", "FORWARD"));
      expect(text).toContain("✗ web: 0 of 8 requests");
      expect(text).toMatch(/lb: iptables -t filter -A LVSCTL-e2e-two-FORWARD -s 192\.168\.57\.11\/32.* is missing/);
    });

    it.each([
      ["the director", "lb", /lb: iptables -t filter -A LVSCTL-e2e-two-INPUT -d 10\.0\.2\.100\/32.* is missing/, "0"],
      ["a real server", "rs1", /rs1: iptables .*INPUT -d 192\.168\.57\.11\/32.*--dport 8080.* is missing/, "[0-6]"],
    ])("needs requests to be let in on %s", async (_who, host, missing, answered) => {
      const text = await verifyWithout(lab, host, ...chainTaken(lab, "filter", "INPUT"));
      expect(text).toMatch(new RegExp(`✗ web: ${answered} of 8 requests`));
      expect(text).toMatch(missing);
    });
  }

  it("needs the director as the real servers' gateway", async () => {
    const text = await verifyWithout(
      lab,
      "rs1",
      "ip route del default",
      "ip route add default via 192.168.57.1 proto 198",
    );
    expect(text).toMatch(/✗ web: [0-6] of 8 requests/);
    expect(text).toMatch(/rs1: route .*192\.168\.57\.1.* is missing/);
  });

  // Eight requests are too few for the distribution alone to be called wrong: one round of wrr is four.
  if (isLongRun) {
    it("shares requests out evenly when somebody has made the weights equal, which verify names", async () => {
      const weigh = (weight: number) => `ipvsadm -e -t 10.0.2.100:80 -r 192.168.57.11:8080 -m -w ${weight}`;
      const text = await verifyWithout(lab, "lb", weigh(1), weigh(3));
      expect(text).toContain("web: wrr: rs1 4, rs2 4");
      expect(text).toMatch(/lb: real server tcp 10\.0\.2\.100:80 .*192\.168\.57\.11:8080 .* weight is 1/);
    });
  }

  it("destroys everything, on all hosts", () => expectDestroyed(lab, before));
});
