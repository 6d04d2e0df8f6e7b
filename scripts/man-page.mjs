/** man/lvsctl.1, from the table of commands. `npm run build` writes it. Source of the format: man(7), groff_man(7). */

/**
 * The page as roff. `table`: all commands; `everywhere`: a flag that each of them has; `about` and `exitCodes`: sentences of
 * `lvsctl --help`.
 */
export function manPage({ table, everywhere, about, exitCodes, version }) {
  const [, codes = ""] = /^Exit codes: (.*)$/.exec(exitCodes) ?? [];
  return `${[
    `.\\" Made from the table of commands by scripts/man-page.mjs. Change src/cli, then run "npm run build".`,
    `.TH LVSCTL 1 "" "lvsctl ${version}" "User Commands"`,
    ".SH NAME",
    `lvsctl \\- ${roff(about[0].toLowerCase() + about.slice(1).replace(/\.$/, ""))}`,
    ".SH SYNOPSIS",
    `${bold("lvsctl")} ${italic("command")} [${italic("options")}] [${italic("arguments")}]`,
    ".br",
    `${bold("lvsctl help")} ${italic("command")}`,
    ".br",
    `${bold("lvsctl")} [${bold("--version")} | ${bold("--help")}]`,
    ".SH DESCRIPTION",
    roff(about),
    ".PP",
    "Data go to standard output, progress and errors to standard error.",
    ".SH COMMANDS",
    ...table.flatMap((entry) =>
      "commands" in entry ? family(entry, everywhere) : command(entry, entry.name, everywhere),
    ),
    ".SH EXIT STATUS",
    ...items(codes),
    ".SH SEE ALSO",
    `${bold("ipvsadm")}(8), ${bold("ssh_config")}(5)`,
    ".PP",
    `The pages in the folder ${italic("docs")} of the package, of which ${italic("docs/README.md")} is the first.`,
  ].join("\n")}\n`;
}

function family({ name, summary, details = [], examples = [], commands }, everywhere) {
  return [
    ...commands.flatMap((one) => command(one, `${name} ${one.name}`, everywhere)),
    `.SS ${quoted(`lvsctl ${name}: the commands above`)}`,
    sentence(summary),
    ...paragraphs(details),
    ...exampleLines(examples),
  ];
}

function command({ summary, details = [], examples = [], parameters }, name, everywhere) {
  const all = [...Object.values(parameters), everywhere];
  const args = all.filter(({ spelling }) => !spelling.startsWith("-"));
  const flags = all.filter(({ spelling }) => spelling.startsWith("-"));
  const usage = ["lvsctl", name, "[options]", ...args.map(({ spelling }) => spelling)].join(" ");
  return [
    `.SS ${quoted(usage)}`,
    sentence(summary),
    ...paragraphs(details),
    ...[...args, ...flags].flatMap((parameter) => [".TP", spelled(parameter.spelling), about(parameter)]),
    ...exampleLines(examples),
  ];
}

/** What a parameter is, with its few values and its default. */
function about({ summary, choices, fallback }) {
  const more = [
    ...(choices === undefined ? [] : [`one of ${choices.join(", ")}`]),
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
  ];
  const text = more.length === 0 ? summary : `${summary} (${more.join("; ")})`;
  return roff(text === "" ? "\u00a0" : text);
}

function exampleLines(examples) {
  if (examples.length === 0) return [];
  const lines = examples.flatMap(([line, note]) => [".TP", bold(line), note === undefined ? "\\&" : roff(note)]);
  return [".PP", examples.length === 1 ? "Example:" : "Examples:", ...lines];
}

function paragraphs(details) {
  return details.flatMap((text) => [".PP", roff(text)]);
}

/** `0 done, 1 error, …` as a list. */
function items(codes) {
  return codes
    .replace(/\.$/, "")
    .split(/, (?=\d+ )/)
    .flatMap((item) => {
      const [, code, meaning] = /^(\d+) (.*)$/s.exec(item) ?? [];
      return [".TP", bold(code), roff(meaning)];
    });
}

/** `-F, --ssh-config <file>`: the flags in bold, the value in italics. */
function spelled(spelling) {
  return spelling
    .split(/(?<=,) | (?=[<[])/)
    .map((part) => (part.startsWith("-") ? bold(part) : italic(part)))
    .join(" ");
}

function sentence(text) {
  return roff(`${text[0].toUpperCase()}${text.slice(1)}.`);
}

function quoted(text) {
  return `"${roff(text).replaceAll('"', "\\(dq")}"`;
}

function bold(text) {
  return `\\fB${escaped(text)}\\fR`;
}

function italic(text) {
  return `\\fI${escaped(text)}\\fR`;
}

/** A line of text: a dot or a quote at its start would be a request. */
function roff(text) {
  return escaped(text).replace(/^(?=[.'])/, "\\&");
}

function escaped(text) {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("'", "\\(aq")
    .replaceAll("`", "\\(ga")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti")
    .replaceAll("…", "...") // Not every terminal has it.
    .replaceAll(
      /[^\0-\x7f]/gu,
      (character) => `\\[u${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`,
    );
}
