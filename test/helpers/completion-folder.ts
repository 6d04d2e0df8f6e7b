import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** With mistakes, as a file has while somebody is writing it, and with a name that a shell must not carry out. */
const SHOP = `name: shop
hosts:
  lb: { role: director }
  rs1: { role: real-server, interfacs: {} }
  rs2: { roles: [client, real-server] }
  pc: { role: client }
  win: { role: real-server, managed: false }
services:
  web: { mode: dr }
  web-tls: {}
  $(touch carried-out): {}
  db: { mode: nat }
`;

/** A folder in which shells complete command lines: `topology.yaml` and `to do $(x).yaml`, both empty, and two of a shop. */
export class CompletionFolder {
  readonly path = mkdtempSync(join(tmpdir(), "lvsctl-completion-"));
  /** For a shell that is to find lvsctl, and a home folder with `shop.yaml`. */
  readonly env: { readonly HOME: string; readonly PATH: string };

  constructor() {
    const home = join(this.path, "topologies");
    const programs = join(home, "bin");
    mkdirSync(programs, { recursive: true });
    for (const name of ["topology.yaml", "to do $(x).yaml"]) this.write(name, "");
    for (const name of ["shop.yaml", "my shop.yaml"]) this.write(join("topologies", name), SHOP);
    const program = `#!/bin/sh\nexec '${process.execPath}' '${fileURLToPath(new URL("../../bin/lvsctl.js", import.meta.url))}' "$@"\n`;
    writeFileSync(join(programs, "lvsctl"), program, { mode: 0o755 });
    this.env = { HOME: home, PATH: `${programs}:${process.env["PATH"]}` };
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
