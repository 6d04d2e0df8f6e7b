/** The dialogue of `lvsctl init`: asks for what a first topology needs, and judges each answer at once. */
import { type Answers, noAnswers, type StarterMode } from "../topology/starter/answers.ts";
import { answer, answerPort, type Question, questions } from "../topology/starter/questions.ts";
import { isRefusal, type Refusal } from "../topology/starter/read-address.ts";

/** Somebody who can be asked. */
export interface Dialogue {
  /** Asks for a line; `fallback` is what Enter alone means. Throws LVS-USAGE-006 if nobody answers any more. */
  ask(question: string, fallback: string): Promise<string>;
  /** Shows what there is to choose from. */
  showModes(modes: readonly StarterMode[]): void;
  /** Shows why an answer is not taken. */
  showRefusal(refusal: Refusal): void;
}

/** Asks for one of the modes. Throws as `Dialogue.ask`. */
export async function askMode(modes: readonly StarterMode[], dialogue: Dialogue): Promise<StarterMode> {
  dialogue.showModes(modes);
  const names = modes.map(({ name }) => name);
  for (;;) {
    const text = await dialogue.ask("Mode", names[0] ?? "");
    const found = modes.find(({ name }) => name === (text === "" ? names[0] : text));
    if (found !== undefined) return found;
    dialogue.showRefusal({
      message: `There is no mode ${JSON.stringify(text)}.`,
      fix: `Write ${names.slice(0, -1).join(", ")} or ${names.at(-1)}.`,
    });
  }
}

/** Asks for all addresses. Throws as `Dialogue.ask`. */
export async function askAddresses(mode: StarterMode, dialogue: Dialogue): Promise<Answers> {
  let answers = noAnswers(mode);
  for (const question of questions) {
    let next = await askOnce(question, answers, dialogue);
    while (next !== undefined) {
      answers = next;
      next = await askOnce(question, answers, dialogue);
    }
    if (question.kind === "vip") answers = await askPort(answers, dialogue);
  }
  return answers;
}

/** The answers with one more; undefined if no more are needed or wanted. */
async function askOnce(question: Question, answers: Answers, dialogue: Dialogue): Promise<Answers | undefined> {
  const count = answers.addresses[question.kind].length;
  const isNeeded = count < question.least(answers);
  if (!isNeeded && (question.isNeverExtra || count >= question.most(answers))) return undefined;
  const example = question.example(answers);
  const none = count === 0 ? "none" : "no more";
  for (;;) {
    const text = isNeeded
      ? await dialogue.ask(question.text(answers), example)
      : await dialogue.ask(`${question.text(answers)}, such as ${example}`, none);
    if (text === "" && !isNeeded) return undefined;
    const next = answer(question, text === "" ? example : text, answers);
    if (!isRefusal(next)) return next;
    dialogue.showRefusal(next);
  }
}

async function askPort(answers: Answers, dialogue: Dialogue): Promise<Answers> {
  for (;;) {
    const text = await dialogue.ask("Port of the service", String(answers.port));
    const next = text === "" ? answers : answerPort(text, answers);
    if (!isRefusal(next)) return next;
    dialogue.showRefusal(next);
  }
}
