/**
 * What the lab has shown: for each test file whose tests all passed, the modes and options of the topologies that it applied
 * and verified in a lab, and the lab's engine. docs/modes.md is generated from it.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { inWords } from "../../src/lvs/service-name.ts";
import { formatCidr, networkOf, parseCidr } from "../../src/net/address.ts";
import type { Service } from "../../src/topology/topology.ts";
import { loadTopology } from "./load-topology.ts";
import { type DroppingHosts, serviceOptions } from "./service-options.ts";

/** One service that was applied and verified. */
export interface ShownService {
  readonly engine: string;
  readonly mode: string;
  readonly options: readonly string[];
}

/** By test file, `dr.test.ts`. */
export type LabCoverage = Readonly<Record<string, readonly ShownService[]>>;

export const coverageFile = new URL("../fixtures/lab-coverage.json", import.meta.url);
const notes = new URL("../../node_modules/.cache/lvsctl-lab/", import.meta.url);

const begun = new Set<string>();

/** What was applied where, and by which test. */
export interface Applied {
  readonly topologyFile: string;
  readonly labRecord: string;
  readonly testFile: string;
  readonly dropping: DroppingHosts;
}

/**
 * Records, for the running test file, what an apply has shown: the services for which it printed that all requests were
 * answered.
 */
export function noteVerified(applied: Applied, printed: string): void {
  note(applied, ({ name }) => isAnswered(name, printed));
}

/**
 * Records a service that verify sends no requests to, from the answers to a test's own requests: the addresses that it
 * asked, and the real server that answered each. Throws if any of these is not part of the service.
 */
export function noteAnswered(
  applied: Applied,
  name: string,
  asked: readonly string[],
  answers: readonly string[],
): void {
  const count = note(applied, (service) => {
    if (service.name !== name) return false;
    const strange = asked.filter((address, index) => {
      const [host = "", port = "80"] = address.split(":");
      return !isFor(service, host, Number(port)) || !service.realServers.some((one) => one.host === answers[index]);
    });
    if (strange.length > 0) throw new Error(`${name} has not answered at ${strange.join(", ")}: ${answers.join(", ")}`);
    return asked.length > 0;
  });
  if (count === 0) throw new Error(`There is no service ${name}, or it was not asked.`);
}

/** Whether clients reach a service at this address; IPv4. */
function isFor({ vip, port, match }: Service, host: string, asked: number): boolean {
  if (vip !== undefined) return vip.address === host && (port === 0 || port === asked);
  return match.some(({ address, ports }) => {
    const network = parseCidr(address);
    const within = network && parseCidr(`${host}/${network.prefix}`);
    if (!network || !within || formatCidr(networkOf(within)) !== formatCidr(networkOf(network))) return false;
    return ports.length === 0 || ports.some((range) => isWithin(asked, range));
  });
}

function isWithin(port: number, range: string): boolean {
  const [first = Number.NaN, last = first] = range.split("-").map(Number);
  return first <= port && port <= last;
}

function note(
  { topologyFile, labRecord, testFile, dropping }: Applied,
  isShown: (service: Service) => boolean,
): number {
  const { topology } = loadTopology(readFileSync(topologyFile, "utf8"), topologyFile);
  if (topology === undefined) return 0;
  const { engine } = JSON.parse(readFileSync(labRecord, "utf8")) as { engine: string };
  const shown = topology.services.filter(isShown).map((service): ShownService => {
    const mode = service.mode.includes("/") ? "own" : service.mode;
    return { engine, mode, options: serviceOptions(service, topology, dropping) };
  });
  const file = notesOf(testFile);
  mkdirSync(dirname(file), { recursive: true });
  if (!begun.has(file)) rmSync(file, { force: true });
  begun.add(file);
  appendFileSync(file, shown.map((service) => `${JSON.stringify(service)}\n`).join(""));
  return shown.length;
}

/** The output is folded where a name is long. */
function isAnswered(service: string, printed: string): boolean {
  const [, said] = printed.replaceAll(/\s+/g, " ").split(`✓ ${inWords(service)}: `);
  const [, answered, sent] = /^(\d+) of (\d+) requests/.exec(said ?? "") ?? [];
  return answered !== undefined && answered === sent;
}

/** Returns what a test file has recorded, without duplicates and sorted, and deletes it. */
export function takeNotes(testFile: string): readonly ShownService[] {
  const file = notesOf(testFile);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  rmSync(file);
  return [...new Set(lines)].sort().map((line) => JSON.parse(line) as ShownService);
}

export function readCoverage(): LabCoverage {
  return existsSync(coverageFile) ? (JSON.parse(readFileSync(coverageFile, "utf8")) as LabCoverage) : {};
}

export function writeCoverage(coverage: LabCoverage): void {
  const sorted = Object.fromEntries(Object.entries(coverage).sort(([one], [other]) => (one < other ? -1 : 1)));
  writeFileSync(coverageFile, `${JSON.stringify(sorted, null, 2)}\n`);
}

function notesOf(testFile: string): string {
  return fileURLToPath(new URL(`${basename(testFile)}.jsonl`, notes));
}
