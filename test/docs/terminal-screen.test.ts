/** What is left on a terminal, and pictures of it. */
import { expect, test } from "vitest";
import { screenOf, textOnScreen } from "../helpers/terminal-screen.ts";
import { svgOf, textOfSvg } from "../helpers/terminal-svg.ts";

const ESC = "\u001b[";

test.each([
  ["lines", "one\r\ntwo\r\n", "one\ntwo"],
  ["a line that was erased", `reading 1\r${ESC}Kreading 2\r${ESC}Kdone`, "done"],
  ["a line that was overwritten", "waiting\rdone", "doneing"],
  ["lines that were drawn again", `a\r\nb\r\n${ESC}2K${ESC}1A${ESC}2K${ESC}1A${ESC}2K${ESC}GA\r\nB\r\nC`, "A\nB\nC"],
  ["everything below", `a\r\nb\r\nc${ESC}1A${ESC}1G${ESC}0JB`, "a\nB"],
  ["a line wider than the terminal", "0123456789abc", "0123456789\nabc"],
  ["a question with its answer", `Apply? [y/N] ${ESC}14Gy\r\r\nbye`, "Apply? [y/N] y\nbye"],
])("%s", (_about, written, left) => {
  expect(textOnScreen(written, /Apply/.test(written) ? 80 : 10)).toBe(left);
});

test("styles begin and end where they are switched", () => {
  const [line] = screenOf(`${ESC}1m${ESC}32mgood${ESC}39m bold${ESC}22m plain${ESC}31m${ESC}33myellow${ESC}0m.`, 80);
  expect(line).toEqual([
    { text: "good", style: "1;32" },
    { text: " bold", style: "1" },
    { text: " plain", style: "" },
    { text: "yellow", style: "33" },
    { text: ".", style: "" },
  ]);
});

test("a picture has the text, its colours, and a title", () => {
  const svg = svgOf(screenOf(`$ a <b> & c\r\n${ESC}32m✓${ESC}39m done`, 40), "what it <shows>", 40);
  expect(textOfSvg(svg)).toBe("$ a <b> & c\n✓ done");
  expect(svg).toContain('<tspan fill="#6bc46d">✓</tspan> done');
  expect(svg).toContain("<title>what it &lt;shows&gt;</title>");
  expect(svg).not.toContain("<b>");
});
