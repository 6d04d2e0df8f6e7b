/**
 * All output: data to stdout, everything else to stderr. Knows what each stream can display, and makes text from anywhere
 * safe to show.
 */
import { closeSync } from "node:fs";
import { isatty } from "node:tty";
import { inspect, styleText } from "node:util";
import { visible } from "./visible.ts";
import { fold } from "./wrap.ts";

const STYLES = ["bold", "dim", "red", "green", "yellow", "cyan"] as const;

/** How to highlight text. */
export type Style = (typeof STYLES)[number];

/** Writes to one stream; `paint` adds colour only if the stream supports it and nobody turned it off. */
export interface Output {
  readonly width: number;
  readonly isTerminal: boolean;
  /** Writes text. Nothing in it reaches the terminal as a command, except what `paint` has added. */
  write(text: string): void;
  /** The text in a style, if the terminal has styles; otherwise as it is. */
  paint(style: Style, text: string): string;
  /** Shows on the terminal's last line what is going on, until the next text; undefined clears it. Nothing elsewhere. */
  showActivity(text: string | undefined): void;
  /**
   * Writes a line that must be seen now, also while a list is drawn in place. `isLast`: the process ends right after it.
   */
  announce(line: string, isLast?: boolean): void;
  /** Lets a list that is drawn in place show what is announced and what is going on. Returns a function that ends it. */
  lend(list: DrawnList): () => void;
}

/** A list that is being drawn in place, and would be torn apart by what others write. */
export interface DrawnList {
  /** Absent: it is written as ever. */
  announce?(line: string): void;
  /** Shows what is going on, below the list; undefined: nothing any more. */
  showActivity(text: string | undefined): void;
}

/** An output over a stream. */
export interface StreamOutput extends Output {
  /** Why it could not be written to, unless its reader went away. */
  failure(): Error | undefined;
  /** Resolves when everything has been written, or cannot be. */
  flushed(): Promise<void>;
}

/** The user's wishes for an output. */
export interface OutputOptions {
  /** False: never; undefined: NO_COLOR, FORCE_COLOR and the stream decide. */
  readonly color?: boolean;
  /** A random number, so that nobody else's text can hold the marks that `paint` puts around text. */
  readonly seed?: number;
}

const DEFAULT_WIDTH = 80;
const MAX_WIDTH = 120;

/** The first private character of Unicode's plane 15, and how many there are. */
const PRIVATE = 0xf0000;
const PRIVATE_COUNT = 0xfffe;

const ERASE_LINE = "\r\u001b[K";

/** How writing fails when the reader has gone: a pipe's, a connection's, and a terminal's that was closed. */
const READER_GONE = new Set(["EPIPE", "ECONNRESET"]);
const TERMINAL_GONE = new Set(["EIO", "ENXIO"]);

/**
 * An output over a stream of this process. If its reader goes away (`| head`, a closed terminal), or it cannot be written to,
 * the rest is dropped: whatever lvsctl is doing goes on, or ends as an interrupt ends it.
 */
export function createOutput(stream: NodeJS.WriteStream, { color, seed = 0 }: OutputOptions = {}): StreamOutput {
  const isTerminal = stream.isTTY === true;
  if (isTerminal) endWithoutLostTerminals();
  let isOpen = true;
  let failure: Error | undefined;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    isOpen = false;
    const code = error.code ?? "";
    if (!READER_GONE.has(code) && !(isTerminal && TERMINAL_GONE.has(code))) failure ??= error;
  });
  const send = (text: string) => {
    if (isOpen) stream.write(text);
  };
  const hasColor = color !== false && styleText("bold", "x", { stream }) !== "x";
  const { marks, commands } = marksFrom(seed);
  const width = Math.min(isTerminal && stream.columns > 0 ? stream.columns : DEFAULT_WIDTH, MAX_WIDTH);
  const shown = (text: string) => visible(text, (character) => commands.get(character) ?? "\ufffd");
  const paint = (style: Style, text: string) => {
    const [begin, end] = marks[style];
    return hasColor ? `${begin}${text}${end}` : text;
  };
  let activity: string | undefined;
  let isDrawn = false;
  let list: DrawnList | undefined;
  /** Writes past the list, which has taken the stream's own. */
  let writePast = send;
  const draw = () => {
    if (activity === undefined) return;
    send(shown(paint("dim", fold(activity, width - 1, "", "")[0] ?? "")));
    isDrawn = true;
  };
  const erase = () => {
    if (isDrawn) send(ERASE_LINE);
    isDrawn = false;
  };
  const write = (text: string) => {
    if (list === undefined) erase();
    send(shown(text));
    if (list === undefined && text.endsWith("\n")) draw();
  };
  return {
    isTerminal,
    width,
    write,
    paint,
    showActivity: (text) => {
      if (!isTerminal) return;
      if (list === undefined) erase();
      activity = text;
      if (list === undefined) draw();
      else list.showActivity(text);
    },
    announce: (line, isLast = false) => {
      if (list === undefined) write(`${line}\n`);
      else if (isLast || list.announce === undefined) writePast(`${shown(line)}\n`);
      else list.announce(line);
    },
    lend: (to) => {
      const past = stream.write.bind(stream);
      writePast = (text) => void past(text);
      const before = list;
      erase();
      list = to;
      to.showActivity(activity);
      return () => {
        list = before;
        if (before === undefined) draw();
        else before.showActivity(activity);
      };
    },
    failure: () => failure,
    flushed: () => new Promise((resolve) => (isOpen ? stream.write("", () => resolve()) : resolve())),
  };
}

/** The descriptors that are terminals; undefined as long as there is no output over one. */
let terminals: readonly number[] | undefined;
let isHungUp = false;

/** Says that the terminal is being closed (SIGHUP), so that the end of this process does not rely on it. */
export function hangUp(): void {
  isHungUp = true;
}

/** Node aborts at its end when it cannot reset a terminal that is gone by then, but skips a descriptor that is closed. */
function endWithoutLostTerminals(): void {
  if (terminals !== undefined) return;
  terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  process.once("exit", () => {
    for (const descriptor of terminals ?? []) {
      if (!isHungUp && isatty(descriptor)) continue;
      try {
        closeSync(descriptor);
      } catch {
        // It was closed already.
      }
    }
  });
}

/** The marks at the beginning and end of each style, and the terminal's commands for them. */
function marksFrom(seed: number) {
  const first = PRIVATE + (seed % (PRIVATE_COUNT - 2 * STYLES.length));
  const found = STYLES.map((style, index) => {
    const pair = [String.fromCodePoint(first + 2 * index), String.fromCodePoint(first + 2 * index + 1)] as const;
    const codes = inspect.colors[style] ?? [0, 0];
    return { style, pair, commands: pair.map((mark, at) => [mark, `\u001b[${codes[at]}m`] as const) };
  });
  return {
    marks: Object.fromEntries(found.map(({ style, pair }) => [style, pair])) as Readonly<
      Record<Style, readonly [begin: string, end: string]>
    >,
    commands: new Map(found.flatMap(({ commands }) => commands)),
  };
}
