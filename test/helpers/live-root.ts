import { formatReadScript, parseReadOutput } from "../../src/shell/read-script.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { Namespaces } from "./namespaces.ts";
import type { Ended } from "./watched-process.ts";

const SET_UP = ["mount -t tmpfs -o mode=755 none /run", "mount -t tmpfs none /var/lib"];

/** Namespaces with an empty /run and /var/lib and no other processes, in which scripts run until it is closed. */
export class LiveRoot {
  private readonly namespaces = new Namespaces(SET_UP);

  /** What a script printed, run in a shell and session of its own, as sshd does. `shell`: sh, bash, or `busybox sh`. */
  run(script: string, shell = "sh"): Promise<Ended> {
    return this.namespaces.run(["/usr/bin/setsid", ...shell.split(" "), "-s"], script);
  }

  /** The root as a host that we are logged in to. */
  transport(host: string): Transport {
    const nonce = "0123456789abcdef";
    return {
      host,
      execs: 0,
      read: async (commands) => {
        const { stdout, stderr } = await this.run(formatReadScript(commands, nonce));
        const outputs = parseReadOutput(stdout, stderr, nonce);
        if (!outputs) throw new Error(`not read: ${stderr}`);
        return outputs;
      },
      run: async (script) => {
        const { stdout, stderr, status } = await this.run(script);
        return { stdout, stderr, status };
      },
      close: async () => undefined,
    };
  }

  close(): Promise<void> {
    return this.namespaces.end();
  }
}
