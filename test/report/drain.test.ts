import { expect, test } from "vitest";
import { drainingText } from "../../src/report/drain.ts";

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
