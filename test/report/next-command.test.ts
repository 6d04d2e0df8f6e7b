import { expect, it } from "vitest";
import { nextCommand } from "../../src/report/next-command.ts";

it("a command to run next is for the same file, and for the same hosts: never for real ones after a lab's", () => {
  expect(nextCommand("verify", { file: "dr.yaml", lab: false })).toBe("lvsctl verify dr.yaml");
  expect(nextCommand("verify --timeout 15", { file: "dr.yaml", lab: true })).toBe(
    "lvsctl verify --timeout 15 --lab dr.yaml",
  );
  expect(nextCommand("confirm", { file: "my web.yaml", sshConfig: "/etc/ssh/lab config" })).toBe(
    "lvsctl confirm --ssh-config '/etc/ssh/lab config' 'my web.yaml'",
  );
  expect(nextCommand("rollback", { name: "dr-lab", hosts: ["lb", "root@rs1"], lab: true })).toBe(
    "lvsctl rollback --lab --name dr-lab --host lb,root@rs1",
  );
});
