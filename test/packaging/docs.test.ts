/** docs/README.md lists every page, and no link between the pages leads nowhere. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const docs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
const pages = [
  ...docs.map((name) => `docs/${name}`),
  "README.md",
  "README.zh-CN.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
];
/** English pages that stand in the list; a translation is linked from its own. */
const listed = docs.filter((name) => name !== "README.md" && !name.endsWith(".zh-CN.md"));

test("docs/README.md lists every page once, in numbered order, each with one sentence", () => {
  const text = readFileSync(join(root, "docs/README.md"), "utf8");
  const entries = [...text.matchAll(/^(\d+)\. \[(.+)\]\((.+)\): (.+)$/gm)].map(([, number, name, target, sentence]) => {
    return { number: Number(number), name, target, sentence };
  });
  expect(entries.map(({ name }) => name).sort()).toEqual(listed.sort());
  expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => index + 1));
  for (const { name, target, sentence } of entries) {
    expect(target).toBe(name);
    expect(sentence).toMatch(/^[^.]+(\.\w[^.]*)*\.$/);
  }
});

it.each(pages)("%s has no link that leads nowhere", (page) => {
  expect(deadLinks(join(root, page))).toEqual([]);
});

it.each(pages.filter((page) => page !== "CONTRIBUTING.md"))(
  "%s of the npm package leads to what it holds, or to the sources",
  (page) => {
    const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { files: readonly string[] };
    const targets = linksOf(join(root, page)).map(({ file }) => relative(root, file).split("/")[0] ?? "");
    const known = [...files, "src", "test", "CONTRIBUTING.md", ""];
    expect(targets.filter((target) => !known.includes(target))).toEqual([]);
  },
);

test("a link to a page, or to a heading, that is not there is found", () => {
  const folder = mkdtempSync(join(tmpdir(), "lvsctl-docs-"));
  try {
    const page = join(folder, "page.md");
    const links = [
      "page.md#the-heading-2x",
      "page.md#The-heading",
      "other.md",
      "#here",
      "#nowhere",
      "https://x.example/y",
    ];
    const text = [
      "# The *heading*: `2x`!",
      '<a id="here"></a>',
      ...links.map((link) => `[x](${link})`),
      "```",
      "[x](code.md)",
      "```",
    ];
    writeFileSync(page, text.join("\n"));
    expect(deadLinks(page)).toEqual(["page.md#The-heading", "other.md", "#nowhere"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

interface Link {
  readonly link: string;
  readonly file: string;
  readonly anchor: string | undefined;
}

/** The links of a page to files, without those in blocks of code. */
function linksOf(page: string): readonly Link[] {
  const links = [...withoutCode(readFileSync(page, "utf8")).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [path = "", anchor] = link.split("#");
      return { link, anchor, file: path === "" ? page : join(dirname(page), path) };
    });
}

function deadLinks(page: string): readonly string[] {
  return linksOf(page)
    .filter(({ file, anchor }) => !existsSync(file) || (anchor !== undefined && !anchorsOf(file).has(anchor)))
    .map(({ link }) => link);
}

/** The anchors of a page: its own, and those that GitHub makes of its headings. */
function anchorsOf(file: string): ReadonlySet<string> {
  const text = withoutCode(readFileSync(file, "utf8"));
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  const made = headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-"),
  );
  return new Set([...made, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id)]);
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "");
}
