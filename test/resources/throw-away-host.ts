/**
 * A host to try resources on: network, mounts and processes of its own on this machine, with loopback up and an empty
 * /var/lib and /run. When it ends, everything in it ends.
 */
import type { Change, HostContext, Observed, ResourceKind, State } from "../../src/resources/resource.ts";
import { formatReadScript, parseReadOutput } from "../../src/shell/read-script.ts";
import { Namespaces } from "../helpers/namespaces.ts";
import type { Ended } from "../helpers/watched-process.ts";

export interface ThrowAwayHost {
  /** The process whose namespaces are the host's. */
  readonly pid: number;
  /** Runs a script in a shell of its own and waits, as sshd does, until nobody holds its streams, or nothing happens any more. */
  run(script: string): Promise<Ended>;
  observe<S extends State, D>(kind: ResourceKind<S, D>, states: readonly S[]): Promise<Observed<S, D>>;
  /** Makes one change, as a stage's script does. */
  apply<S extends State, D>(
    kind: ResourceKind<S, D>,
    change: Pick<Change<S>, "before" | "after">,
    observed: Observed<S, D>,
  ): Promise<Ended>;
  /** The command lines of its processes, sorted; not those of the question itself. */
  processes(): Promise<readonly string[]>;
  end(): Promise<void>;
}

export const context: HostContext = { topology: "web-lab", host: "rs1" };

/** What a host's commands come from: the distribution's own, or BusyBox for everything including the shell. */
export type Tools = "gnu" | "busybox";

const NONCE = "throwaway0nonce";
const SET_UP = [
  // It knows nothing of this machine's other networks, such as a lab's.
  `sed -n 's/^\\([^ ]* \\)\\{4\\}\\([^ ]*\\) .* - nsfs .*/\\2/p' /proc/self/mountinfo | while read -r place; do umount -l "$place"; done`,
  "mount -t tmpfs -o mode=755 tmpfs /var/lib",
  "mount -t tmpfs -o mode=755 tmpfs /usr/local/sbin",
  "mount -t tmpfs -o mode=755 tmpfs /run",
  "ip link set lo up",
];

/** Needs root, unshare and nsenter (util-linux), ip (iproute2) and BusyBox. */
export async function throwAwayHost(tools: Tools = "gnu"): Promise<ThrowAwayHost> {
  const namespaces = new Namespaces(SET_UP, { network: true });
  const pid = Number(await namespaces.pid);
  const shell = tools === "gnu" ? ["sh"] : ["busybox", "sh"];
  const path = "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const run = (script: string) => namespaces.run([...shell, "-s"], `${path}\n${script}`);
  if (tools === "busybox") await run("busybox --install -s /usr/local/sbin");

  return {
    pid,
    run,
    async observe(kind, states) {
      const { stdout, stderr } = await run(formatReadScript(kind.read(states, context), NONCE));
      const outputs = parseReadOutput(stdout, stderr, NONCE);
      if (!outputs) throw new Error(`the read script did not end: ${stderr}`);
      return kind.parse(outputs, states, context);
    },
    apply(kind, { before, after }, observed) {
      const state = after ?? before;
      const key = state ? kind.key(state) : "";
      const steps = kind.commands([{ kind: kind.kind, key, before, after }], observed, context);
      return run(steps.map(({ script }) => `(\nset -e\n${script}\n)\n[ $? = 0 ] || exit 1\n`).join(""));
    },
    async processes() {
      const { stdout } = await run("busybox ps -o args");
      return stdout
        .split("\n")
        .filter((line) => !/^(COMMAND|(busybox )?sh -s|busybox ps.*|)$/.test(line))
        .sort();
    },
    end: () => namespaces.end(),
  };
}
