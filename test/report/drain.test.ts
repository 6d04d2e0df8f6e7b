import { expect, test } from "vitest";
import { drainingText, formatDrained } from "../../src/report/drain.ts";
import { plainOutput } from "../helpers/plain-output.ts";

const open = (server: number, active: number) => {
  return { host: "dr", key: `tcp 172.16.10.10:80 -> 172.16.20.${server}:80`, active, inactive: 1 };
};

test("a run that waits for connections says of which real servers they are", () => {
  expect(drainingText([open(20, 3)])).toBe("tcp 172.16.10.10:80 -> 172.16.20.20:80: 3 active, 1 inactive");
  expect(drainingText([1, 2, 3, 4, 5].map((server) => open(server, server)))).toBe(
    [
      "tcp 172.16.10.10:80 -> 172.16.20.1:80: 1 active, 1 inactive",
      "tcp 172.16.10.10:80 -> 172.16.20.2:80: 2 active, 1 inactive",
      "tcp 172.16.10.10:80 -> 172.16.20.3:80: 3 active, 1 inactive",
      "2 more: 9 active, 2 inactive",
    ].join("; "),
  );
});

test("it says nothing once all have ended", () => {
  expect(drainingText([])).toBe("");
});

test("says how to end a drain in words to paste, and breaks no word", () => {
  const about = { server: "rs1" };
  const given = { file: "shop.yaml", lab: true };
  expect(formatDrained(about, { result: "ended", open: [] }, given, plainOutput(60))).toBe(
    "rs1 receives no new connections; none of its connections is\nopen any more.\nTo end this: lvsctl undrain --lab shop.yaml rs1\n",
  );
  expect(formatDrained({ ...about, service: "web" }, undefined, given, plainOutput(80))).toBe(
    "rs1 receives no new connections in web.\nTo end this: lvsctl undrain --service web --lab shop.yaml rs1\n",
  );
});
