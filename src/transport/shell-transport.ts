/** A Transport over anything that can start a POSIX shell as root: framing, guarding and counting are the same for all. */
import { randomBytes } from "node:crypto";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { sh } from "../shell/quote.ts";
import { formatReadScript, parseReadOutput, type ReadCommand, type ReadOutputs } from "../shell/read-script.ts";
import type { Conduit } from "./conduit.ts";
import { assertReadOnly } from "./guard.ts";
import { callScript, type Unlock } from "./script-call.ts";
import type { CallOptions, RunResult, Transport } from "./transport.ts";

/** A way to start shells as root on one host. */
export interface Shell {
  readonly host: string;
  /** Starts a shell that reads its script from standard input. `purpose` is for errors: `reading address, route`. */
  open(purpose: string): Promise<Conduit>;
  /** Becomes root in a new shell; absent where the login is root's. */
  readonly unlock?: Unlock;
  /** The shell runs on another machine, so that closing the conduit does not kill its programs. */
  readonly isRemote?: true;
  /** Ends the login, if there is one; no shell can be started any more. */
  close(): Promise<void>;
}

const KILL_REMOTE_MS = 2_000;

/** The transport. Its calls throw what the shell throws, and LVS-CONNECT-016, -019, -020, -022 and -026. */
export function shellTransport(shell: Shell): Transport {
  const { host } = shell;
  let execs = 0;

  const unlock = shell.unlock && { unlock: shell.unlock };
  const killRemote = async (pid: number): Promise<void> => {
    const options = { timeoutMs: KILL_REMOTE_MS };
    const purpose = "ending what it runs";
    const open = () => shell.open(purpose);
    const script = endGroup(pid);
    await callScript(open, { host, script, nonce: newNonce(), purpose, options, ...unlock }).catch(() => {});
  };
  const call = (script: string, nonce: string, purpose: string, options: CallOptions): Promise<RunResult> => {
    const open = () => {
      execs += 1;
      return shell.open(purpose);
    };
    return callScript(open, {
      host,
      script,
      nonce,
      purpose,
      options,
      ...unlock,
      ...(shell.isRemote && { killRemote }),
    });
  };

  return {
    host,
    get execs() {
      return execs;
    },
    async read(commands, options = {}) {
      assertReadOnly(host, commands);
      if (commands.length === 0) return new Map();
      const nonce = newNonce();
      const result = await call(formatReadScript(commands, nonce), nonce, describeRead(commands), options);
      return understand(host, result, nonce);
    },
    run: (script, options = {}) => call(script, newNonce(), "running a script that changes it", options),
    close: () => shell.close(),
  };
}

/**
 * Shell text that ends the process group of a shell: sshd does not forward signals to root's processes. The group is the third
 * field after the name.
 * Source: proc_pid_stat(5).
 */
function endGroup(pid: number): string {
  return sh`read -r stat </proc/${pid}/stat && set -- \${stat##*) } && kill -TERM "-$3"`;
}

function newNonce(): string {
  return randomBytes(12).toString("hex");
}

function describeRead(commands: readonly ReadCommand[]): string {
  const names = commands.slice(0, 3).map(({ name }) => name);
  const more = commands.length > names.length ? ` and ${commands.length - names.length} more` : "";
  return `reading ${names.join(", ")}${more}`;
}

function understand(host: string, result: RunResult, nonce: string): ReadOutputs {
  const outputs = parseReadOutput(result.stdout, result.stderr, nonce);
  if (outputs) return outputs;
  const ending = result.signal === undefined ? `status ${result.status}` : result.signal;
  throw new LvsctlError("LVS-CONNECT-016", `The shell on ${host} ended before it had read everything (${ending}).`, {
    host,
    output: result.stderr.trim().slice(-2_000),
    hint: "Check on the host what ended it: a resource limit, the OOM killer, or a shell that is not a POSIX shell.",
  });
}
