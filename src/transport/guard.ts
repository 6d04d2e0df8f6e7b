/**
 * The guard: what may be sent to a host as a read. It is a list of argument vectors that are allowed; everything else is
 * refused. The list is not taken from the resource kinds: if a kind could say that its commands are reads, a mistake in the
 * kind would be a change on a host. So a kind that reads with a new program needs a line in src/transport/guard, which
 * somebody reviews.
 */
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { advertisedRoutesProbe } from "../probes/advertised-routes.ts";
import { arpProbe } from "../probes/arp.ts";
import { connectProbe } from "../probes/connect.ts";
import { datagramsProbe } from "../probes/datagrams.ts";
import { filtersProbe } from "../probes/filters.ts";
import { holdersProbe } from "../probes/holders.ts";
import { interfaceSysctlsProbe } from "../probes/interface-sysctls.ts";
import { ledgersProbe } from "../probes/ledgers.ts";
import { loginProbe } from "../probes/login.ts";
import { plainFilesProbe } from "../probes/plain-files.ts";
import { storageProbe } from "../probes/storage.ts";
import { waysProbe } from "../probes/ways.ts";
import { command } from "../shell/quote.ts";
import type { ReadCommand } from "../shell/read-script.ts";
import { fetchRules } from "./guard/fetch.ts";
import { fileRules } from "./guard/files.ts";
import type { Rule } from "./guard/grammar.ts";
import { netfilterRules } from "./guard/netfilter.ts";
import { networkRules } from "./guard/network.ts";
import { systemRules } from "./guard/system.ts";
import type { Transport } from "./transport.ts";

/** Reads with scripts of our own. Each probe says which arguments it allows; its script must be sent unchanged. */
const probes = [
  loginProbe,
  advertisedRoutesProbe,
  arpProbe,
  holdersProbe,
  interfaceSysctlsProbe,
  ledgersProbe,
  datagramsProbe,
  connectProbe,
  filtersProbe,
  plainFilesProbe,
  storageProbe,
  waysProbe,
];

const rules: ReadonlyMap<string, Rule> = new Map([
  ...[fileRules, systemRules, networkRules, netfilterRules, fetchRules].flatMap((family) => Object.entries(family)),
  ...probes.map(({ program, allows }) => [program, allows] as const),
]);

/** The same host, read-only: `run` throws LVS-CONNECT-021, and `read` accepts only what the guard allows. */
export function readOnly(transport: Transport): Transport {
  const { host } = transport;
  return {
    host,
    get execs() {
      return transport.execs;
    },
    async read(commands, options) {
      assertReadOnly(host, commands);
      return transport.read(commands, options);
    },
    async run() {
      throw new LvsctlError("LVS-CONNECT-021", `This command only reads ${host}, and was about to change it.`, {
        host,
        hint: "Nothing was sent. Please report this: it is a bug in lvsctl.",
      });
    },
    close: () => transport.close(),
  };
}

/** Whether the guard knows that this command changes nothing, even as root. In doubt: false. */
export function isReadOnly(argv: readonly string[]): boolean {
  const [program = "", ...args] = argv;
  if (argv.some((word) => word.includes("\0"))) return false;
  return rules.get(program)?.(args) ?? false;
}

/** Throws LVS-CONNECT-020 for the first command that the guard does not allow, or whose name would break the output's frames. */
export function assertReadOnly(host: string, commands: readonly ReadCommand[]): void {
  for (const { name, argv, script } of commands) {
    const isKnown =
      script === undefined || probes.some((probe) => probe.program === argv[0] && probe.script === script);
    if (isKnown && isReadOnly(argv) && name !== "" && !/[\x00-\x1f\x7f]/.test(name)) continue;
    const shown = command(...argv.map((word) => word.replaceAll("\0", "\u2400")));
    throw new LvsctlError(
      "LVS-CONNECT-020",
      `A read of ${host} must change nothing, and this is not known to: ${shown}`,
      {
        host,
        step: name,
        hint: "Nothing was sent. Please report this: it is a bug in lvsctl, or the command is missing in its list of reads.",
      },
    );
  }
}
