/** Answers from flags. */
import { type AddressKind, type Answers, noAnswers, type StarterMode, unjoinedSubnets } from "./answers.ts";
import { answer, answerPort, type Question, questions } from "./questions.ts";
import { isRefusal, type Refusal } from "./read-address.ts";

/** What says from where clients come. */
const ORIGINS: readonly AddressKind[] = ["client", "firewall", "gateway"];

/** What was given for each kind of address, and for `port`. */
export type Given = ReadonlyMap<string, readonly string[]>;

/**
 * Answers from what was given, or the first mistake in it. Where nothing says from where clients come, there is one for the lab,
 * if there is room for it.
 */
export function answersFrom(given: Given, mode: StarterMode): Answers | Refusal {
  const saysNoOrigin = ORIGINS.every((kind) => given.get(kind) === undefined);
  const port = given.get("port")?.at(-1);
  let answers: Answers | Refusal = port === undefined ? noAnswers(mode) : answerPort(port, noAnswers(mode));
  if (isRefusal(answers)) return flagged("port", answers);
  for (const question of questions) {
    const texts = given.get(question.kind) ?? [];
    if (texts.length > question.most(answers)) return tooMany(question, answers);
    for (const text of texts) {
      const next: Answers | Refusal = answer(question, text, answers);
      if (isRefusal(next)) return flagged(question.kind, next);
      answers = next;
    }
    if (question.kind === "client" && saysNoOrigin) answers = withSampleClient(question, answers);
    if (texts.length < question.least(answers)) return missing(question, answers);
  }
  return answers;
}

/** A client needs nothing but an address where all hosts are in the director's subnet. */
function withSampleClient(question: Question, answers: Answers): Answers {
  if (unjoinedSubnets(answers).length > 0) return answers;
  const next = answer(question, question.example(answers), answers);
  return isRefusal(next) ? answers : { ...next, isClientSample: true };
}

function flagged(kind: string, { message, fix }: Refusal): Refusal {
  return { message: `--${kind}: ${message}`, fix };
}

function tooMany(question: Question, answers: Answers): Refusal {
  const { kind } = question;
  const most = question.most(answers);
  if (most > 0) {
    const times = most === 1 ? "once" : most === 2 ? "twice" : `${most} times`;
    return { message: `--${kind} can be given ${times} in mode ${answers.mode.name}.`, fix: "Leave out the others." };
  }
  const where = kind === "gateway" ? "beside --firewall" : `in mode ${answers.mode.name}`;
  return { message: `--${kind} means nothing ${where}.`, fix: "Leave it out." };
}

function missing(question: Question, answers: Answers): Refusal {
  const { kind } = question;
  const fix = `Add --${kind} ${question.example(answers)}, for example.`;
  if (kind === "gateway") {
    return {
      message: "Nothing says from where clients come, and the director's subnet has no address left for one.",
      fix: "Add --gateway with the router in that subnet, --client and --firewall for a client elsewhere, or take a larger subnet.",
    };
  }
  if (unjoinedSubnets(answers).length === 0 || kind !== "firewall") return { message: `--${kind} is missing.`, fix };
  return {
    message: `The hosts are in several subnets, and nothing joins them. --firewall is missing: ${question.text(answers)}.`,
    fix,
  };
}
