import { expect, test } from "vitest";
import { file } from "../../src/resources/file.ts";
import { webServer } from "../../src/resources/web-server.ts";
import { isReadOnly } from "../../src/transport/guard.ts";

const context = { topology: "web-lab", host: "rs1" };

test("the guard lets every read command pass", () => {
  const reads = [
    ...file.read([{ path: "/var/lib/lvsctl/web-lab/www-80/index.html", content: "", mode: "0644" }], context),
    ...webServer.read([{ port: 80, root: "/var/lib/lvsctl/web-lab/www-80", running: true }], context),
  ];
  expect(reads.length).toBe(9);
  expect(reads.filter(({ argv }) => !isReadOnly(argv))).toEqual([]);
});

test("nothing is read where nothing is asked for", () => {
  expect([...file.read([], context), ...webServer.read([], context)]).toEqual([]);
  expect(file.parse(new Map(), [], context).states.size).toBe(0);
  expect(webServer.parse(new Map(), [], context).states.size).toBe(0);
});

test("a dot in a topology's name stands for itself in the search for processes", () => {
  const reads = webServer.read([{ port: 80, root: "/srv", running: true }], { topology: "lab.v2", host: "rs1" });
  expect(reads.find(({ name }) => name === "web-server-processes")?.argv).toContain("/var/lib/lvsctl/lab[.]v2/web-80/");
});
