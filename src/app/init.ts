/** `lvsctl init [MODE]`: a first topology file, from flags, from a dialogue, or with sample addresses. */
import { resolve } from "node:path";
import { nearest } from "../document/nearest.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { Playbooks } from "../playbook/playbooks.ts";
import type { Explanation } from "../report/explanation.ts";
import { kinds } from "../resources/kinds.ts";
import type { Answers, StarterMode } from "../topology/starter/answers.ts";
import { answersFrom, type Given } from "../topology/starter/given.ts";
import { isRefusal } from "../topology/starter/read-address.ts";
import { sampleOf } from "../topology/starter/sample.ts";
import { starterText } from "../topology/starter/text.ts";
import { explain } from "./explain.ts";
import { askAddresses, askMode, type Dialogue } from "./init-dialogue.ts";
import { findingsIn } from "./load.ts";
import { refuseExisting, writeNewFile } from "./new-file.ts";

/** What to make a topology of. */
export interface InitOptions {
  readonly mode?: string | undefined;
  /** What the flags say; empty without flags. */
  readonly given: Given;
  /** Whom to ask for what the flags do not say; undefined if there is nobody. */
  readonly dialogue?: Dialogue | undefined;
  /** Called when nothing more has to be asked. */
  readonly onAnswers?: () => void;
}

/** A file that was written, and what it makes. */
export interface Started {
  readonly file: string;
  readonly explanation: Explanation;
}

/**
 * Writes a new topology file. Throws LVS-USAGE-005 if there is one, LVS-USAGE-004 if it cannot be written, and as
 * `makeTopology`.
 */
export async function initTopology(file: string, options: InitOptions): Promise<Started> {
  await refuseExisting(file);
  const text = await makeTopology(file, options);
  await writeNewFile(file, text);
  return { file, explanation: await explain(resolve(file), "en") };
}

/**
 * The text of a topology, for this file. With flags they say everything; without, the dialogue does, or else the addresses are
 * samples. Throws LVS-USAGE-001 for answers that make no topology, LVS-USAGE-002 without a mode and anybody to ask for it.
 */
export async function makeTopology(
  file: string,
  { mode: name, given, dialogue, onAnswers }: InitOptions,
): Promise<string> {
  const asked = given.size > 0 ? undefined : dialogue;
  const mode = await chosenMode(name, asked);
  const answers = asked ? await askAddresses(mode, asked) : answered(given, mode);
  onAnswers?.();
  const text = starterText(answers);
  const { problems, warnings } = findingsIn(text, file);
  // One real server is what was asked for; more can be added to the file.
  const [found] = [...problems, ...warnings.filter(({ code }) => code !== "LVS-CONFIG-112")];
  if (found === undefined) return text;
  throw new LvsctlError("LVS-USAGE-001", `These answers do not make a working topology: ${found.message}`, {
    ...(found.details.hint === undefined ? {} : { hint: found.details.hint }),
  });
}

function answered(given: Given, mode: StarterMode): Answers {
  const answers = answersFrom(given.size > 0 ? given : sampleOf(mode.traits), mode);
  if (!isRefusal(answers)) return answers;
  throw new LvsctlError("LVS-USAGE-001", answers.message, { hint: answers.fix });
}

async function chosenMode(name: string | undefined, dialogue: Dialogue | undefined): Promise<StarterMode> {
  const modes = builtInModes();
  const names = modes.map((mode) => mode.name);
  if (name === undefined) {
    if (dialogue !== undefined) return askMode(modes, dialogue);
    throw new LvsctlError("LVS-USAGE-002", "The mode is missing, and there is no terminal to ask for it.", {
      hint: `Name it: ${names.map((one) => `lvsctl init ${one}`).join(", ")}.`,
    });
  }
  const word = name.toLowerCase().replaceAll(/[\s_-]/g, "");
  const found = modes.find((mode) => mode.name === name);
  if (found !== undefined) return found;
  const meant = modes.find(({ traits }) => traits.otherNames?.includes(word))?.name ?? nearest(name, names);
  throw new LvsctlError("LVS-USAGE-001", `There is no mode ${JSON.stringify(name)}.`, {
    hint: `${meant === undefined ? "" : `Did you mean ${meant}? `}The modes are ${names.join(", ")}.`,
  });
}

/** The modes that come with lvsctl, those that ask for no setting first. */
function builtInModes(): readonly StarterMode[] {
  const all = new Playbooks(kinds);
  const { playbooks } = all.all();
  return [...all.builtIn()].flatMap(([name, traits]) =>
    playbooks
      .filter((playbook) => playbook.name === name)
      .map(({ title, summary }) => ({ name, title: title.en, summary: summary.en, traits })),
  );
}
