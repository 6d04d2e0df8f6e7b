/** An explanation as text: the packet's path drawn hop by hop, then the steps. */
import { inWords } from "../lvs/service-name.ts";
import { displayWidth, padEnd } from "./display-width.ts";
import { type ExplainWords, explainWords } from "./explain-words.ts";
import type {
  ExplainedHop,
  ExplainedPoint,
  ExplainedService,
  ExplainedStep,
  ExplainedWay,
  Explanation,
  OtherDirector,
} from "./explanation.ts";
import type { Output } from "./output.ts";
import { ownersListLines, ownersListWords } from "./owners-list.ts";
import { wrap } from "./wrap.ts";

interface Page {
  readonly output: Output;
  readonly words: ExplainWords;
}

/** The whole text; every line fits the output's width unless a single word is longer. */
export function formatExplanation(explanation: Explanation, output: Output): string {
  const { name, title, summary, services, steps, language, unmanaged = [] } = explanation;
  const page: Page = { output, words: explainWords[language] };
  const isOthers = unmanaged.some(({ needs }) => needs.length > 0);
  const lines = [
    ...wrap(`${output.paint("bold", name)}  ${title}`, output.width, "  "),
    ...(summary === undefined ? [] : paragraph(page, summary, 2)),
    ...services.flatMap((service) => ["", ...serviceLines(page, service)]),
    "",
    output.paint("bold", page.words.steps),
    ...stepLines(page, steps, isOthers),
    ...ownersParts(page, explanation),
  ];
  return `${lines.join("\n")}\n`;
}

function ownersParts({ output, words }: Page, { unmanaged = [], language }: Explanation): readonly string[] {
  if (unmanaged.length === 0) return [];
  const lists = unmanaged.flatMap((list) => ["", ...ownersListLines(list, output, ownersListWords[language], false)]);
  return ["", output.paint("bold", words.owners), ...lists];
}

function serviceLines(page: Page, service: ExplainedService): readonly string[] {
  const { output, words } = page;
  const { name, example, addresses, playbooks, places, way, excluded = [] } = service;
  const [mode, ...features] = playbooks;
  const own = example === undefined;
  return [
    ...wrap(
      own ? `${words.service} ${inWords(name)}${words.colon}${mode?.title ?? ""}` : `${words.shownOn} ${example}`,
      output.width,
      "  ",
    ).map((line) => output.paint("bold", line)),
    ...(own && mode !== undefined ? paragraph(page, mode.summary, 2) : []),
    ...features.flatMap(({ title, summary }) => paragraph(page, words.feature(title, summary), 2)),
    ...(places === undefined ? [] : ["", ...paragraph(page, placesText(words, places, way?.target), 2)]),
    "",
    `  ${output.paint("bold", words.addresses)}`,
    ...addressLines(page, service),
    ...(addresses.some((one) => one.name === "RIP") ? [] : ["", ...paragraph(page, words.noRealServers, 2)]),
    ...(service.isPathless === undefined ? [] : ["", ...paragraph(page, words.pathless, 2)]),
    ...(excluded.length === 0 ? [] : [""]),
    ...excluded.flatMap(({ client, reason }) => paragraph(page, words.excluded(client, reason), 2)),
    ...(way === undefined ? [] : wayLines(page, way)),
    ...(way === undefined
      ? []
      : [
          "",
          `  ${output.paint("bold", words.whoSees)}`,
          ...[
            ...(way.endless === undefined ? words.sees(way) : [words.endless(way)]),
            ...(way.unlike ?? []).map((one) => words.unlike(one)),
          ].flatMap((line) => paragraph(page, line, 4)),
        ]),
    ...(way === undefined ? [] : besideLines(page, way)),
    ...(own ? testLines(page, service) : []),
  ];
}

function besideLines(page: Page, { beside = [], isClientElsewhere, isOneWay }: ExplainedWay): readonly string[] {
  const { output, words } = page;
  if (beside.length === 0) return [];
  const linesOf = (other: OtherDirector) => {
    const { clients, points = [], ends } = other;
    const isElsewhere = clients.length === 0 && isClientElsewhere === true;
    const [end] = ends;
    const said =
      end === undefined || isOneWay
        ? []
        : ends.length > 1
          ? ends.map(words.unlike)
          : [words.besideEnd(end, isElsewhere)];
    const what = words.besideWhat(other);
    if (points.length === 0) return paragraph(page, [what, ...said].join(words.space), 4);
    return [
      ...paragraph(page, what, 4),
      ...points.flatMap((point) => pointLines(page, point)),
      ...said.flatMap((text) => paragraph(page, text, 4)),
    ];
  };
  return ["", `  ${output.paint("bold", words.beside)}`, ...beside.flatMap(linesOf)];
}

/** Addresses with the same ports stand together. */
function placesText(words: ExplainWords, places: NonNullable<ExplainedService["places"]>, target?: string): string {
  const byPorts = new Map<string, { readonly addresses: string[]; readonly ports: readonly string[] }>();
  for (const { address, ports } of places) {
    const group = byPorts.get(ports.join()) ?? { addresses: [], ports };
    group.addresses.push(address);
    byPorts.set(ports.join(), group);
  }
  const groups = [...byPorts.values()].map(({ addresses, ports }) => words.place(addresses, ports));
  return words.places(groups, target);
}

function testLines(page: Page, { tests, sentFrom, untested = [] }: ExplainedService): readonly string[] {
  const { output, words } = page;
  return [
    "",
    `  ${output.paint("bold", words.tests(sentFrom))}`,
    ...tests.flatMap(({ type, target }) =>
      wrap(`    ${words.testTypes[type] ?? type}${words.colon}${target}`, output.width, "      "),
    ),
    ...untested.flatMap((reason) => paragraph(page, words.untested(reason), 4)),
  ];
}

function addressLines({ words, output }: Page, { addresses }: ExplainedService): readonly string[] {
  const address = Math.max(...addresses.map((one) => one.address.length));
  const host = Math.max(...addresses.map((one) => displayWidth(one.host)));
  const said = new Set<string>();
  return addresses.flatMap((one) => {
    const meaning = said.has(one.name) ? "" : (words.addressNames[one.name] ?? "");
    said.add(one.name);
    const line = `    ${one.name}  ${padEnd(one.address, address)}  ${padEnd(one.host, host)}  ${meaning}`.trimEnd();
    return wrapColumn(line, output.width, 4 + 5 + address + 2 + host + 2);
  });
}

/** Wraps only the text from a column on; continuation lines are indented to it. */
function wrapColumn(line: string, width: number, column: number): readonly string[] {
  if (displayWidth(line) <= width) return [line];
  const head = line.slice(0, column);
  const [first = "", ...more] = wrap(line.slice(column), Math.max(20, width - column));
  return [head + first, ...more.map((rest) => " ".repeat(column) + rest)];
}

function wayLines(page: Page, { hops, arrivals, isClientElsewhere, isOneWay }: ExplainedWay): readonly string[] {
  const { output, words } = page;
  const numbered = hops.map((hop, index) => ({ hop, number: index + 1 }));
  const beyond = isClientElsewhere ? words.somewhere : words.beyond;
  const whose = isClientElsewhere ? ["", ...paragraph(page, words.elsewhere, 2)] : [];
  const directions = isOneWay ? (["request"] as const) : (["request", "reply"] as const);
  const ways = directions.flatMap((direction) => [
    "",
    `  ${output.paint("bold", words.way[direction])}`,
    ...numbered
      .filter(({ hop }) => hop.direction === direction)
      .flatMap(({ hop, number }) => hopLines(page, hop, number, beyond)),
    ...arrivals[direction].flatMap((point) => pointLines(page, point)),
  ]);
  return [...whose, ...ways];
}

/** What the sender does comes first, because the packet that leaves already shows it. */
function hopLines(page: Page, hop: ExplainedHop, number: number, beyond: string): readonly string[] {
  const { output } = page;
  const changed = new Set(hop.points.flatMap(({ changes }) => changes.map(({ field }) => field)));
  const mark = (field: "source" | "destination", text: string) =>
    changed.has(field) ? output.paint("yellow", text) : text;
  const { outer } = hop;
  const inner = `${mark("source", hop.source)} → ${mark("destination", hop.destination)}`;
  const around = outer && output.paint("yellow", `${outer.protocol} ${outer.source} → ${outer.destination}`);
  return [
    ...hop.points.flatMap((point) => pointLines(page, point)),
    ...wrap(
      `  ${output.paint("cyan", String(number).padStart(2))}  MAC  ${hop.from} → ${hop.to}`,
      output.width,
      "           ",
    ),
    ...(hop.isBeyond ? [`           ${output.paint("dim", beyond)}`] : []),
    ...(around === undefined ? [`      IP   ${inner}`] : [`      IP   ${around}`, `           └ ${inner}`]),
  ];
}

function pointLines(page: Page, { host, changes, why }: ExplainedPoint): readonly string[] {
  const { output, words } = page;
  const details = changes.map(({ field, before, after }) => {
    if (field === "outer" && before === undefined) return words.wrapped(after ?? "");
    if (field === "outer" && after === undefined) return words.unwrapped(before ?? "");
    return `${words.fields[field]} ${before} → ${after}`;
  });
  const [first = "", ...more] = wrap(
    `    ${words.atHost(host)}${words.space}${details.join(words.comma)}`.trimEnd(),
    output.width,
    "      ",
  );
  return [
    first.replace(words.atHost(host), output.paint("green", words.atHost(host))),
    ...more,
    ...paragraph(page, why, 6).map((line) => output.paint("dim", line)),
  ];
}

function stepLines(page: Page, steps: readonly ExplainedStep[], isOthers: boolean): readonly string[] {
  const { output, words } = page;
  if (steps.length === 0) return paragraph(page, isOthers ? words.othersAlone : words.noSteps, 2);
  return steps.flatMap(({ stage, things, when, why }, index) => [
    ...(steps[index - 1]?.stage === stage ? [] : [`  ${output.paint("cyan", stage)}`]),
    ...things.flatMap(({ host, what }) => wrap(`    ${host}: ${what}`, output.width, "      ")),
    ...(when === undefined ? [] : wrap(`      ${words.onlyWhere} ${oneLine(when)}`, output.width, "        ")),
    ...paragraph(page, why, 6).map((line) => output.paint("dim", line)),
  ]);
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}

function paragraph({ output }: Page, text: string, indent: number): readonly string[] {
  const blanks = " ".repeat(indent);
  return wrap(blanks + text, output.width, blanks);
}
