/** A picture of a terminal, and the text in one. Pure. */
import type { Span } from "./terminal-screen.ts";

const [CELL, LINE, MARGIN] = [8.4, 20, 16];
/** By the number of SGR. */
const COLOURS: Readonly<Record<string, string>> = {
  31: "#f47067",
  32: "#6bc46d",
  33: "#daaa3f",
  34: "#6cb6ff",
  35: "#dcbdfb",
  36: "#56d4dd",
};

/** An SVG image of what stands on a terminal. `title`: for those who cannot see the picture. */
export function svgOf(rows: readonly (readonly Span[])[], title: string, columns: number): string {
  const [width, height] = [Math.ceil(columns * CELL) + 2 * MARGIN, rows.length * LINE + 2 * MARGIN];
  const lines = rows.map((spans, index) => {
    const y = MARGIN + (index + 0.75) * LINE;
    return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${spans.map(spanOf).join("")}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="8" fill="#22272e"/>
<g fill="#c9d1d9" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
${lines.join("\n")}
</g>
</svg>
`;
}

/** The lines of text in a picture that `svgOf` has made. */
export function textOfSvg(svg: string): string {
  const lines = [...svg.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, line = ""]) => line.replaceAll(/<[^>]*>/g, ""));
  return lines.join("\n").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function spanOf({ text, style }: Span): string {
  const attributes = style.split(";").flatMap((number) => {
    if (number === "1") return ['font-weight="bold"'];
    if (number === "2") return ['opacity="0.6"'];
    return COLOURS[number] === undefined ? [] : [`fill="${COLOURS[number]}"`];
  });
  return attributes.length === 0 ? escaped(text) : `<tspan ${attributes.join(" ")}>${escaped(text)}</tspan>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
