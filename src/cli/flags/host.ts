/** The flags of commands that work with hosts: which hosts, and how to reach them. */
import type { HostOptions } from "../../app/host-options.ts";
import { defineGroup } from "../command.ts";
import { anyText, listOf, on, value, valueOr, wholeNumber } from "../parameter.ts";
import { defined } from "./defined.ts";

const PARALLEL = 32;

/** Which hosts to work on, and how to reach them. */
export const hostFlags = defineGroup({
  duration: "always",
  doing: (given) => (given.get("file")?.length ? `reading ${given.get("file")?.[0]}` : "starting"),
  parameters: {
    lab: on("--lab", "the hosts are those of the lab on this machine (lvsctl lab up)"),
    sshConfig: value("-F, --ssh-config <file>", "read this ssh_config instead of ~/.ssh/config", anyText),
    limit: { ...value("-l, --limit <host,…>", "only these hosts", listOf), namesOf: "managed-hosts" },
    parallel: valueOr("--parallel <n>", "how many hosts to work on at a time", wholeNumber(), PARALLEL),
    acceptNew: on("--accept-new", "trust and remember the key of a host that is not known yet"),
    askPass: on("--ask-pass", "prompt for SSH and sudo passwords"),
    connectTimeout: value(
      "--connect-timeout <seconds>",
      "how long to wait for a host (default: ConnectTimeout of ssh_config, or 15)",
      wholeNumber(),
    ),
  },
  /** Asks for secrets only if somebody can answer, or if the user requests it. */
  options: ({ lab, sshConfig, limit, parallel, acceptNew, askPass, connectTimeout }, terminal): HostOptions => ({
    lab,
    parallel,
    acceptNew,
    onStatus: terminal.showActivity,
    onPending: terminal.showPending,
    ...defined({
      sshConfig,
      limit,
      connectTimeoutMs: connectTimeout === undefined ? undefined : connectTimeout * 1000,
      askSecret: askPass || terminal.canAsk ? terminal.askSecret : undefined,
    }),
  }),
});
