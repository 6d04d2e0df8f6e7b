import { describe, expect, it } from "vitest";
import { formatProblem } from "../../src/document/format-problem.ts";
import { formatGithubAnnotation } from "../../src/document/github-annotation.ts";
import { LvsctlError } from "../../src/errors/lvsctl-error.ts";

function problem(at: object, hint?: string): LvsctlError {
  return new LvsctlError("LVS-CONFIG-010", "What, and why.", {
    at: { file: "lab.yaml", line: 3, column: 3, ...at },
    ...(hint === undefined ? {} : { hint }),
  });
}

describe("a problem as text", () => {
  it("shows place, title, message, line, underline and fix", () => {
    expect(formatProblem(problem({ text: "  prot: 80", length: 4 }, "Do this."))).toBe(
      [
        "lab.yaml:3:3: LVS-CONFIG-010 Unknown key",
        "  What, and why.",
        "  3 |   prot: 80",
        "    |   ^^^^",
        "  Fix: Do this.",
      ].join("\n"),
    );
  });

  it("keeps tabs, so that the underline stays below", () => {
    expect(formatProblem(problem({ text: "\ta: b", column: 5, length: 1 }))).toContain("    | \t   ^");
  });

  it("does without place and line", () => {
    expect(formatProblem(new LvsctlError("LVS-CONFIG-010", "What."))).toBe("LVS-CONFIG-010 Unknown key\n  What.");
  });

  it.each([1, 159, 160, 161, 5000, 9990])("shows the part of a long line around column %i", (column) => {
    const text = `${"x".repeat(column - 1)}HERE${"y".repeat(10_000 - column)}`;
    const [, , line = "", underline = ""] = formatProblem(problem({ text, column, length: 4 })).split("\n");
    expect(line.length).toBeLessThan(170);
    const start = underline.indexOf("^");
    expect(line.slice(start, start + 4)).toBe("HERE");
    expect(line.includes("| …")).toBe(column > 155);
    expect(line.endsWith("…")).toBe(column < 9950);
    expect(underline.trimEnd().length).toBeLessThanOrEqual(line.length);
  });

  it("underlines at least one place, also behind the end of the line", () => {
    expect(formatProblem(problem({ text: "ab", column: 3, length: 9 }))).toContain("    |   ^");
  });
});

describe("a problem for GitHub", () => {
  it("escapes what would end a property or the command", () => {
    const error = new LvsctlError("LVS-CONFIG-010", "100 % wrong:\r\nreally", {
      at: { file: "a,b:c.yaml", line: 3, column: 5, length: 4 },
      hint: "Fix, it.",
    });
    expect(formatGithubAnnotation(error)).toBe(
      "::error file=a%2Cb%3Ac.yaml,line=3,col=5,endColumn=9,title=LVS-CONFIG-010 Unknown key::100 %25 wrong:%0D%0Areally%0AFix: Fix, it.",
    );
  });

  it("needs no place", () => {
    expect(formatGithubAnnotation(new LvsctlError("LVS-CONFIG-010", "What."))).toBe(
      "::error title=LVS-CONFIG-010 Unknown key::What.",
    );
  });
});
