/**
 * Counts what an expression does while it is evaluated, so that it ends on any topology. The limits of the CEL library count
 * what is written; a list that is joined with itself in each of four loops is short, and grows ten thousandfold.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import { children, isLoop } from "./inspect-expression.ts";

/** What a playbook may have saved up: about a second's work, and 160 MB. */
const MOST = 20_000_000;
/** What each evaluation adds: a loop over ten thousands of hosts. */
const EACH = 500_000;

/** The steps that the expressions of one playbook may still take, all together. */
export class Allowance {
  #left = MOST;

  /** Called before each evaluation. */
  add(): void {
    this.#left = Math.min(MOST, this.#left + EACH);
  }

  /** Takes that many steps. Throws a TooManySteps if there are not so many left, and then until the next `add`. */
  spend(steps: number): void {
    this.#left = Math.max(-1, this.#left - steps);
    this.assertLeft();
  }

  /** Throws a TooManySteps after one has been thrown: operators such as `||` and loops such as `exists` drop errors. */
  assertLeft(): void {
    if (this.#left < 0) throw new TooManySteps();
  }
}

/** An expression has taken more steps than its playbook may. */
export class TooManySteps extends Error {
  constructor() {
    super("it takes too many steps");
  }
}

type Evaluate = (this: ASTNode, ...args: unknown[]) => unknown;

/** Makes an expression, and each of its parts, spend the steps that it takes whenever it is evaluated. */
export function countSteps(node: ASTNode, allowance: Allowance): void {
  counted(node, allowance, undefined);
}

/** `onValue` is called with each value of the node, before anything is done with it. */
function counted(node: ASTNode, allowance: Allowance, onValue: ((value: unknown) => void) | undefined): void {
  const { takes, makes } = costOf(node);
  let pairs = 1;
  const onOperand = (operand: unknown) => {
    pairs *= sizeOf(operand, allowance);
    if (takes === "pairs") allowance.spend(pairs);
  };
  for (const child of children(node)) counted(child, allowance, takes && onOperand);
  // When a node is evaluated for the first time, the library sets this property to the right way, and goes it.
  let evaluate = Reflect.get(node, "evaluate") as Evaluate;
  let isKnown = false;
  function evaluateCounted(this: ASTNode, ...args: unknown[]): unknown {
    if (!isKnown) {
      isKnown = true;
      return evaluate.apply(this, args);
    }
    allowance.spend(1);
    pairs = 1;
    const value = evaluate.apply(this, args);
    if (makes) sizeOf(value, allowance);
    onValue?.(value);
    return value;
  }
  Object.defineProperty(node, "evaluate", {
    get: () => evaluateCounted,
    set: (found: Evaluate) => {
      evaluate = found;
    },
  });
}

/**
 * `takes`: it looks at all of each operand, or at each part of one for each part of the other. `makes`: its value is new.
 * What only picks a value that is there costs a step.
 */
function costOf(node: ASTNode): { readonly takes?: "each" | "pairs"; readonly makes?: true } {
  switch (node.op) {
    case "list":
    case "map":
      return { makes: true };
    case "==":
    case "!=":
    case "in":
    case "+":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return { takes: "each" };
    case "call":
      return node.args[0] === "has" ? {} : { takes: "each", makes: true };
    case "rcall":
      if (node.args[0] === "orValue") return {};
      return isLoop(node.args[0]) ? { makes: true } : { takes: "pairs", makes: true };
    default:
      return {};
  }
}

/**
 * The size of a value, counted as if nothing in it were shared, for so it is compared and written. Spends as much. What is in
 * the topology is only pointed at.
 */
function sizeOf(value: unknown, allowance: Allowance): number {
  if (typeof value === "object" && value !== null) return sizeOfParts(value, allowance);
  const size = ownSize(value);
  allowance.spend(size);
  return size;
}

/** Steps for what has no parts, such as most of what is in a list, are spent together: counting must not take longer than the work. */
function sizeOfParts(value: object, allowance: Allowance): number {
  let size = 1;
  let inner = 0;
  const parts = partsOf(value);
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index];
    if (typeof part === "object" && part !== null) inner += sizeOfParts(part, allowance);
    else size += ownSize(part);
  }
  allowance.spend(size);
  return size + inner;
}

function partsOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value].flat();
  if (value instanceof Set) return [...value];
  return value.constructor === Object ? Object.values(value) : [];
}

/** Spends what it takes to write a value out in full, with what it points at in the topology. */
export function spendOnAll(value: unknown, allowance: Allowance): void {
  if (typeof value !== "object" || value === null) {
    allowance.spend(ownSize(value));
    return;
  }
  let size = 1;
  const parts: readonly unknown[] = value instanceof Map ? [...value.values()] : Object.values(value);
  for (const part of parts) {
    if (typeof part === "object" && part !== null) spendOnAll(part, allowance);
    else size += ownSize(part);
  }
  allowance.spend(size);
}

function ownSize(value: unknown): number {
  return typeof value === "string" ? 1 + value.length : 1;
}
