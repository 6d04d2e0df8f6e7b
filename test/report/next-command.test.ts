import { expect, it } from "vitest";
import { nextCommand, nextOf } from "../../src/report/next-command.ts";

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

it("is for what the user has restricted the last one to", () => {
  const limited = { file: "dr.yaml", limit: ["fw", "rs1"] };
  expect(nextCommand("destroy", limited)).toBe("lvsctl destroy --limit fw,rs1 dr.yaml");
  expect(nextCommand("verify", { file: "dr.yaml", from: "local", asking: {} })).toBe(
    "lvsctl verify --from local dr.yaml",
  );
  const asking = { only: ["web", "api"], requests: 50, timeoutSeconds: 15, retries: 0 };
  expect(nextCommand("verify", { ...limited, lab: true, asking })).toBe(
    "lvsctl verify --only web,api --requests 50 --timeout 15 --retries 0 --lab --limit fw,rs1 dr.yaml",
  );
  expect(nextCommand("rollback", { ...limited, asking, from: "local" })).toBe("lvsctl rollback --limit fw,rs1 dr.yaml");
});

it("needs the file where the command does, and can be about another topology on the same hosts", () => {
  const byName = { name: "dr-lab", hosts: ["lb", "rs1"], limit: ["lb"], sshConfig: "cfg" };
  expect(nextCommand("apply --adopt", byName)).toBe("lvsctl apply --adopt --ssh-config cfg FILE");
  expect(
    nextOf({ given: { file: "dr.yaml", lab: true, limit: ["rs1"] } })("destroy", { name: "old", hosts: ["rs1"] }),
  ).toBe("lvsctl destroy --lab --name old --host rs1");
  expect(nextOf({})("plan")).toBe("lvsctl plan");
});

it("does not take a file's name for a flag", () => {
  expect(nextCommand("plan", { file: "-x.yaml" })).toBe("lvsctl plan ./-x.yaml");
});
