/** The valid ones of the topologies that people have asked about, in the lab: up, apply, verify, plan, destroy. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cases, noteCase } from "../helpers/cases.ts";
import { differences, snapshot, TABLES } from "../helpers/host-snapshot.ts";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";
import { loadTopology } from "../helpers/load-topology.ts";

/** How a case is tried. */
interface Trial {
  /** TCP ports on which its real servers have a program of their own: pages, or TLS. */
  readonly pages?: readonly number[];
  readonly tls?: readonly number[];
  /** What `verify` prints about it. */
  readonly says: RegExp;
}

/** What `verify` prints in the lab about a topology without a client. */
const UNASKED =
  /none of the hosts here is a client, and this machine is not connected to the networks of the lab .*so it is not verified/;

const TRIALS: Readonly<Record<string, Trial>> = {
  "01": { says: /20 of 20 requests from pc to http:\/\/198\.51\.100\.128:80\// },
  "03": { says: /app: rr: lb 10, app1 10/ },
  "05": { says: /web: wrr: near1 1[34], far1 [67]/ },
  "07": { says: /web: rr: rs1 10, rs2 10/ },
  "08": { says: /web: rr: rs1 10, rs2 10/ },
  "09": { says: /dns2-udp: rr: ns1 10, ns2 10/ },
  "12": { says: /no requests were sent from rs1: "rs1" is a real server/ },
  "15b": { says: /web: rr: rs1 10, rs2 10/ },
  "16b": { says: /20 of 20 requests from pc to http:\/\/\[2001:db8:1::100\]:80\// },
  "16c": { says: /20 of 20 requests from pc to http:\/\/\[2001:db8:1::100\]:80\// },
  "18": { says: UNASKED },
  "24": { says: /telnet: rr: realserver1 [67], realserver2 [67], realserver3 [67]/ },
  "26": { says: /web: rr: rs1 10, rs2 10/ },
  "27": { says: /jobs: rr: rs1 10, rs2 10/ },
  "28": { says: UNASKED },
  "30": { says: /priv: rr: rs1 10, rs2 10/ },
  "31": { says: /20 of 20 requests from pc to http:\/\/198\.51\.100\.30:3128\// },
  "32": { says: UNASKED },
  "34": { pages: [80], says: /outside: 20 of 20 requests from pc/ },
  "35": { pages: [3306], says: /✓ db: / },
  "36": { pages: [80], tls: [443], says: /admin: rr: rs1 10, rs2 10/ },
  "37a": { says: /shop: rr: rs1 10, rs2 10/ },
  "37b": { pages: [80], tls: [443], says: /shop: / },
  "40": { says: /web: rr: rs1 10, rs2 10/ },
  "42": { says: /web: rr: rs1 10, rs2 10/ },
  "44": { says: /web: rr: rs1 10, rs2 10/ },
  "46": { says: /web: rr: rs1 10, rs2 10/ },
  "47": { says: /web6: wrr: rs1 10, rs2 10/ },
  "48": { pages: [9443], says: /app: rr: app1 10, app2 10/ },
  "50": { says: /20 of 20 requests from inside to http:\/\/198\.51\.100\.1:8080/ },
  "52": { says: /web: rr: rs1 10, rs2 10/ },
  "54": { says: /syslog/ },
  "55": { says: /web: / },
  "56": { pages: [80, 443], says: /site: / },
  "61": { says: /web: sh: / },
  "65": { says: /web: rr: rs1 10, rs2 10/ },
  "67": { says: /web: rr: rs1 10, rs2 10/ },
  "69": { says: /all: / },
  "74": { says: /web-site: rr: web_01\.example\.com 10, 42 10/ },
  "75": { pages: [25, 110, 143, 465, 587, 993, 995], says: /mail: / },
  "76": { says: /web: / },
  "77": { pages: [80, 8080], says: /✓ full: rr: rs1 10, rs2 10/ },
};

const tried = cases().flatMap((one) => {
  const trial = TRIALS[one.name.split("-")[0] ?? ""];
  return trial === undefined ? [] : [{ ...one, trial }];
});

const page = (port: number) => `mkdir -p /srv/own; cd /srv/own
setsid python3 -m http.server ${port} --bind :: >/dev/null 2>&1 </dev/null &`;

const tls = (port: number) => `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \\
  -keyout /run/own.key -out /run/own.pem -subj /CN=own 2>/dev/null
setsid openssl s_server -accept ${port} -key /run/own.key -cert /run/own.pem -www >/dev/null 2>&1 </dev/null &`;

describe("topologies people have asked about", () => {
  it.each(tried)("$name", async ({ name, file, trial }) => {
    const lab = await LabUnderTest.up(`../${file}`, `e2e-case-${name.split("-")[0]}`);
    try {
      const described = loadTopology(readFileSync(lab.file, "utf8"), lab.file).topology?.hosts ?? [];
      const hosts = described.map((host) => host.name);
      for (const { name: host } of described.filter(({ roles }) => roles.includes("real-server"))) {
        for (const port of trial.pages ?? []) await lab.on(host, page(port));
        for (const port of trial.tls ?? []) await lab.on(host, tls(port));
      }
      const before = await snapshot(lab, hosts, TABLES);
      const applied = await lab.do("apply", "--yes", "--confirm-timeout", String(lab.seconds(120)));
      expect(applied.stdout.replaceAll(/\s+/g, " "), applied.stderr).toMatch(trial.says);
      expect(applied.status, applied.stdout + applied.stderr).toBe(0);
      const again = await lab.lvsctl("plan", "--lab", "--detailed-exitcode", lab.file);
      expect(again.status, again.stdout).toBe(0);
      await succeeded(lab.do("destroy", "--yes"));
      expect(differences(before, await snapshot(lab, hosts))).toEqual([]);
      const verdict = trial.says === UNASKED ? "applied, no client to verify from" : "applied, verified";
      noteCase(name, `${verdict}, nothing left to change, removed`);
    } finally {
      await lab.down();
    }
  });
});
