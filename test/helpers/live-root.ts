import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { formatReadScript, parseReadOutput } from "../../src/shell/read-script.ts";
import type { Transport } from "../../src/transport/transport.ts";
import type { ShellResult } from "./private-root.ts";
import { watch } from "./watched-process.ts";

/** Runs each script that it reads (one line of JSON each) in a shell and session of its own, as sshd does. */
const SERVER = `
  const { spawn } = require("node:child_process");
  const lines = require("node:readline").createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    const { number, script } = JSON.parse(line);
    const child = spawn("sh", ["-s"], { detached: true });
    let stdout = "", stderr = "";
    child.stdout.on("data", (data) => { stdout += data; });
    child.stderr.on("data", (data) => { stderr += data; });
    child.on("close", (status) => process.stdout.write(JSON.stringify({ number, stdout, stderr, status }) + "\\n"));
    child.stdin.end(script);
  });
  lines.on("close", () => process.exit());`;

/** A root as in `inPrivateRoot`, in which scripts run until it is closed, or until nothing happens in it any more. */
export class LiveRoot {
  private readonly child;
  private readonly waiting: ((result: ShellResult | Error) => void)[] = [];
  private readonly stopWatching: () => string;

  constructor() {
    const root = process.getuid?.() === 0 ? [] : ["--map-root-user"];
    const mounts = 'mount -t tmpfs -o mode=755 none /run && mount -t tmpfs none /var/lib && exec "$0" -e "$1"';
    const spaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"];
    const args = [...root, ...spaces, "sh", "-c", mounts, process.execPath, SERVER];
    this.child = spawn("unshare", args, { stdio: ["pipe", "pipe", "inherit"] });
    let answers = 0;
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      const { number, ...result } = JSON.parse(line) as ShellResult & { readonly number: number };
      answers += 1;
      this.waiting[number]?.(result);
    });
    this.stopWatching = watch(this.child, undefined, () => answers);
    this.child.once("exit", () => {
      const error = new Error(`the root has ended: ${this.stopWatching()}`);
      for (const answer of this.waiting) answer(error);
    });
  }

  /** What a script printed. */
  run(script: string): Promise<ShellResult> {
    return new Promise((resolve, reject) => {
      const answer = (result: ShellResult | Error) => (result instanceof Error ? reject(result) : resolve(result));
      const number = this.waiting.push(answer) - 1;
      this.child.stdin.write(`${JSON.stringify({ number, script })}\n`);
    });
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
        return { stdout, stderr, status: status ?? undefined };
      },
      close: async () => undefined,
    };
  }

  async close(): Promise<void> {
    this.child.stdin.end();
    await once(this.child, "exit");
  }
}
