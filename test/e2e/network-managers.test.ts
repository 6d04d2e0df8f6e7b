/**
 * What network managers delete of somebody else's, with addresses of their own and with leases by DHCP. They run in namespaces of
 * this machine, without lvsctl; docs/hosts.md has the table, and UPDATE_GOLDEN=1 rewrites it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { packagesRoot } from "../../src/lab/packages.ts";
import { otherServices } from "../helpers/beside.ts";
import { watched } from "../helpers/watched-process.ts";

const SCRIPT = fileURLToPath(new URL("../helpers/network-managers.sh", import.meta.url));
const PAGE = new URL("../../docs/hosts.md", import.meta.url);
const TABLE = /^\| manager \| event \|.*\n(?:\|.*\n)*/m;
const NAMESPACES = ["unshare", "--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"];

let packages: string;
let folder: string;

beforeAll(async () => {
  packages = await packagesRoot(
    otherServices.flatMap((service) => service.packages),
    {},
  );
  folder = mkdtempSync(join(tmpdir(), "lvsctl-test-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(["systemd-networkd", "NetworkManager", "ifupdown"])("%s deletes what docs/hosts.md says", async (manager) => {
  const page = readFileSync(PAGE, "utf8");
  const isUpdate = process.env["UPDATE_GOLDEN"] === "1";
  const table = TABLE.exec(page)?.[0] ?? "";
  const [heading = "", line = "", ...all] = table.split("\n").filter((row) => row !== "");
  const isOurs = (row: string) => row.startsWith(`| ${manager}`);
  const expected = join(folder, "expected");
  writeFileSync(expected, all.map((row) => `${row.slice(2, -2)}\n`).join(""));

  const argv = [...NAMESPACES, "bash", SCRIPT, manager, packages, ...(isUpdate ? [] : [expected])];
  const { stdout, stderr, status } = await watched(argv).ended;
  expect(status, stderr).toBe(0);

  const seen = stdout
    .trim()
    .split("\n")
    .map((line) => `| ${line} |`);
  const updated = [heading, line, ...all.filter((row) => !isOurs(row)), ...seen, ""].join("\n");
  if (isUpdate)
    writeFileSync(
      PAGE,
      page.replace(table, () => updated),
    );
  else expect(seen).toEqual(all.filter(isOurs));
});
