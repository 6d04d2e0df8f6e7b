/** A fault lab with two versions of a topology: the disturbed runs are the ones from the first version to the second. */
import { expect } from "vitest";
import { FaultLab, HOSTS, type RunEnd, type RunOptions, SETTLED, topologyText } from "./fault-lab.ts";
import { unwrap, wrap } from "./faults.ts";
import type { Init } from "./reboot.ts";

const STATES = { before: "first", after: "second" };

/** In the middle of a stage: when the second VIP is about to be added to the real server. */
export const ON_ADDRESS = { host: "rs1", program: "ip", words: "add 10.9.0.101" };
/** In a later stage: when the second service is about to be created. */
export const ON_SERVICE = { host: "dr", program: "ipvsadm", words: "-A -t 10.9.0.101" };

/** In a destroy of the first version: when its service is about to be removed. */
export const ON_REMOVAL = { host: "dr", program: "ipvsadm", words: "-D -t 10.9.0.100" };

/** Restores every wrapped program. */
const CALM = `${unwrap("ip")}\n${unwrap("ipvsadm")}\nrm -f /root/struck /root/held /root/go`;

/** Nobody waits for these limits. */
export const FOREVER = ["--step-timeout", "36000", "--confirm-timeout", "36000"];

export class TwoVersions {
  readonly faults: FaultLab;
  readonly first: string;
  readonly second: string;
  /** Whether the hosts are known to have the first version. */
  private isFirst = false;
  /** How many requests somebody else's clients had made at the last check. */
  private asked = 0;

  private constructor(faults: FaultLab, second: string) {
    this.faults = faults;
    this.first = faults.lab.file;
    this.second = second;
  }

  /** Brings the lab up, and saves the state of its hosts in each version. `init`: PID 1 of the hosts, if not sshd. */
  static async up(name: string, init?: Init): Promise<TwoVersions> {
    const faults = await FaultLab.up(name, init);
    const second = faults.lab.variant("second.yaml", () => topologyText(name, { weight: 7, second: true }));
    const versions = new TwoVersions(faults, second);
    await versions.made(second);
    await faults.know("second");
    await versions.made(versions.first);
    await faults.know("first");
    return versions;
  }

  /** Restores every wrapped program, and applies the first version. */
  async ensureFirst(): Promise<void> {
    if (this.isFirst) return;
    await Promise.all(HOSTS.map((host) => this.faults.reachable(host)));
    await Promise.all(HOSTS.map((host) => this.faults.lab.on(host, CALM)));
    await this.made(this.first);
    this.isFirst = true;
  }

  /** A run other than those to the second version. */
  begin(command: string, flags: readonly string[] = []): Promise<RunEnd> {
    this.isFirst = false;
    return this.faults.run(command, { flags });
  }

  /** An undisturbed run. */
  async made(file: string): Promise<void> {
    this.isFirst = false;
    const { status, output } = await this.faults.run("apply", { file, flags: ["--no-verify"] });
    expect(status, output).toBe(0);
  }

  toSecond(options: RunOptions = {}): Promise<RunEnd> {
    this.isFirst = false;
    const flags = options.flags ?? [];
    const all = flags.includes("--atomic") ? flags : ["--no-verify", ...flags];
    return this.faults.run("apply", { file: this.second, ...options, flags: all });
  }

  /** Makes a command of a host misbehave, or something else happen just before it; once. */
  async strike(at: typeof ON_ADDRESS, how: "fail" | "hang" | "garbage" | { readonly before: string }): Promise<void> {
    const once =
      typeof how === "string" ? how : { before: `[ -e /root/struck ] || {\n: >/root/struck\n${how.before}\n}` };
    this.isFirst = false;
    await this.faults.lab.on(at.host, wrap(at.program, at.words, once));
  }

  /**
   * Holds runs at a command until `release`: one that is held neither ends before whatever is to happen meanwhile, nor
   * fails because that takes long, if it was begun with the flags FOREVER.
   */
  hold(at: typeof ON_ADDRESS): Promise<void> {
    return this.strike(at, { before: ": >/root/held\nuntil [ -e /root/go ]; do sleep 0.3; done" });
  }

  /** Waits until a run is held. */
  async held({ host }: typeof ON_ADDRESS): Promise<void> {
    await this.faults.lab.on(host, "until [ -e /root/held ]; do sleep 0.3; done");
  }

  async release({ host }: typeof ON_ADDRESS): Promise<void> {
    await this.faults.lab.on(host, ": >/root/go");
  }

  /** Expects that a run ended like this and that every host is in this state; then the fault counts as shown. */
  async expectEnd(
    end: RunEnd,
    status: number | undefined,
    ended: "before" | "after",
    fault: { readonly fault: string; readonly by: string },
  ): Promise<void> {
    expect(end.status, end.output).toBe(status);
    const states = await this.faults.statesOf(["first", "second"], `${SETTLED}\n${CALM}`);
    expect(states).toEqual(HOSTS.map(() => STATES[ended]));
    this.isFirst = ended === "before";
    this.faults.note({ ...fault, during: "apply" }, states, STATES, end);
  }

  /** Expects that somebody else's clients kept asking and always got an answer. */
  async expectOthersServed(): Promise<void> {
    const { asked, lost } = await this.faults.othersAsked();
    expect(asked).toBeGreaterThan(this.asked);
    expect(lost).toBe(0);
    this.asked = asked;
  }
}
