/** What a command waits for: on the last line of a terminal, and in lines elsewhere. */
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createOutput } from "../../src/report/output.ts";
import { createSpinner } from "../../src/report/spinner.ts";

const ERASE = "\r\u001b[K";

function screen(isTTY: boolean) {
  const stream = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY, columns: 60 });
  const written: string[] = [];
  stream.on("data", (text: string) => written.push(text));
  const output = createOutput(stream as unknown as NodeJS.WriteStream, { color: false });
  return { output, show: createSpinner(output), shown: () => written.join("") };
}

describe("on a terminal", () => {
  it("the line is replaced, and gone at the end", () => {
    const { show, shown } = screen(true);
    show("reading 6 hosts", "reading hosts, 4 of 6");
    show("reading 6 hosts", "reading hosts, 5 of 6; waiting for web3");
    show(undefined);
    expect(shown()).toBe(`reading hosts, 4 of 6${ERASE}reading hosts, 5 of 6; waiting for web3${ERASE}`);
  });

  it("what is written meanwhile has a line of its own", () => {
    const { output, show, shown } = screen(true);
    show("reading");
    output.announce("Interrupted.");
    output.write("part ");
    output.write("of a line\n");
    expect(shown()).toBe(`reading${ERASE}Interrupted.\nreading${ERASE}part of a line\nreading`);
  });

  it("a list that is drawn in place shows it and what is announced, and the line comes back after it", () => {
    const { output, show, shown } = screen(true);
    const seen: (string | undefined)[] = [];
    show("locking");
    const giveBack = output.lend({ announce: (line) => seen.push(line), showActivity: (text) => seen.push(text) });
    output.announce("Interrupted.");
    show("confirming");
    expect(seen).toEqual(["locking", "Interrupted.", "confirming"]);
    giveBack();
    expect(shown()).toBe(`locking${ERASE}confirming`);
    output.announce("Again.");
    expect(shown()).toContain("Again.\n");
  });

  it("the last words of a process are written past the list", () => {
    const { output, shown } = screen(true);
    output.lend({ announce: () => undefined, showActivity: () => undefined });
    output.announce("to the list");
    output.announce("Leaving.", true);
    expect(shown()).toBe("Leaving.\n");
  });
});

describe("elsewhere", () => {
  it("each step has one line, however often there is news of it", () => {
    const { show, shown } = screen(false);
    show("reading 6 hosts", "reading hosts, 0 of 6");
    show("reading 6 hosts", "reading hosts, 4 of 6");
    show(undefined);
    show("verifying: 20 requests from pc");
    show(undefined);
    expect(shown()).toBe("reading 6 hosts\nverifying: 20 requests from pc\n");
  });
});
