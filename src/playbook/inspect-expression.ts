/**
 * Checks what the expression language's own type checker does not: which functions a playbook may call, how deeply it may
 * loop, and misspelt variables and fields (also inside `has(…)`), with a suggestion.
 */
import type { ASTNode } from "@marcbachmann/cel-js";
import { nearest } from "../document/nearest.ts";
import { elementType, modelTypes } from "./topology-model.ts";

/** The variables that an expression may use, with their types. */
export type ScopeTypes = ReadonlyMap<string, string>;

/** A mistake in an expression; `start` and `length` count characters of its text. */
export interface Fault {
  readonly message: string;
  readonly hint: string;
  readonly start: number;
  readonly length: number;
}

const loops: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "filter", "map"]);
const functions: ReadonlySet<string> = new Set(["has", "int", "size", "string"]);
const methods: ReadonlySet<string> = new Set([
  ...loops,
  "contains",
  "endsWith",
  "indexOf",
  "join",
  "lowerAscii",
  "orValue",
  "size",
  "split",
  "startsWith",
  "substring",
  "trim",
]);

/** How deep loops may be nested, so that expressions stay fast on a topology of thousands of hosts. */
const maximumLoops = 2;

/** Whether the method goes through a list, with a variable of its own. */
export function isLoop(method: string): boolean {
  return loops.has(method);
}

/** The mistakes in a parsed expression, in the order of its text. */
export function inspect(ast: ASTNode, scope: ScopeTypes): readonly Fault[] {
  return mistakes(ast, scope, 0);
}

function mistakes(node: ASTNode, scope: ScopeTypes, loopDepth: number): readonly Fault[] {
  switch (node.op) {
    case "id":
      return scope.has(node.args) ? [] : [unknownVariable(node, node.args, scope)];
    case ".":
    case ".?":
      return [...mistakes(node.args[0], scope, loopDepth), ...unknownField(node.args[0], node.args[1], node, scope)];
    case "call":
      return functions.has(node.args[0])
        ? node.args[1].flatMap((argument) => mistakes(argument, scope, loopDepth))
        : [unknownFunction(node, node.args[0], functions)];
    case "rcall":
      return methodMistakes(node, node.args, scope, loopDepth);
    default:
      return children(node).flatMap((child) => mistakes(child, scope, loopDepth));
  }
}

function methodMistakes(
  node: ASTNode,
  [name, receiver, args]: [string, ASTNode, ASTNode[]],
  scope: ScopeTypes,
  loopDepth: number,
): readonly Fault[] {
  if (!methods.has(name)) return [unknownFunction(node, name, methods)];
  const found = mistakes(receiver, scope, loopDepth);
  const bound = boundIn(node, scope);
  if (bound === undefined) {
    return [...found, ...args.flatMap((argument) => mistakes(argument, scope, loopDepth))];
  }
  if (loopDepth === maximumLoops) return [...found, tooManyLoops(node)];
  return [...found, ...bound.body.flatMap((argument) => mistakes(argument, bound.scope, loopDepth + 1))];
}

/** What a loop such as `list.exists(one, …)` binds: the name of its variable, the parts that know it, and their scope. */
export function boundIn(node: ASTNode, scope: ScopeTypes) {
  if (node.op !== "rcall" || !isLoop(node.args[0])) return undefined;
  const [, receiver, [variable, ...body]] = node.args;
  if (variable?.op !== "id") return undefined;
  const inner: ScopeTypes = new Map(scope).set(variable.args, elementType(typeOf(receiver, scope)) ?? "dyn");
  return { name: variable.args, body, scope: inner };
}

/** The parts of an expression, as the language nests them. */
export function children(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case ".":
    case ".?":
      return [node.args[0]];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    case "!_":
    case "-_":
      return [node.args];
    case "map":
      return node.args.flat();
    default:
      return node.args;
  }
}

/** The type of a path such as `service.realServers[0]`; `dyn` for anything that is not a path. */
export function typeOf(node: ASTNode, scope: ScopeTypes): string {
  if (node.op === "id") return scope.get(node.args) ?? "dyn";
  if (node.op === "." || node.op === ".?") return modelTypes.get(typeOf(node.args[0], scope))?.[node.args[1]] ?? "dyn";
  if (node.op === "[]") return elementType(typeOf(node.args[0], scope)) ?? "dyn";
  if (node.op === "rcall" && node.args[0] === "filter") return typeOf(node.args[1], scope);
  return "dyn";
}

function unknownVariable(node: ASTNode, name: string, scope: ScopeTypes): Fault {
  const known = [...scope.keys()];
  return {
    message: `There is no variable \`${name}\` here.`,
    hint: `${meant(name, known)}Known here: ${known.join(", ")}.`,
    ...span(node),
  };
}

function unknownField(owner: ASTNode, name: string, node: ASTNode, scope: ScopeTypes): readonly Fault[] {
  const type = typeOf(owner, scope);
  const fields = modelTypes.get(type);
  if (fields === undefined || Object.hasOwn(fields, name)) return [];
  const known = Object.keys(fields);
  const hint = `${meant(name, known)}A ${type} has ${known.join(", ")}.`;
  return [{ message: `A ${type} has no field \`${name}\`.`, hint, start: node.end - name.length, length: name.length }];
}

function unknownFunction(node: ASTNode, name: string, known: ReadonlySet<string>): Fault {
  return {
    message: `Playbooks have no function \`${name}\`.`,
    hint: `${meant(name, [...known])}There are ${[...known].join(", ")}.`,
    ...span(node),
  };
}

function tooManyLoops(node: ASTNode): Fault {
  return {
    message: `The expression loops more than ${maximumLoops} levels deep, which would take very long on a large topology.`,
    hint: "Let the step repeat over one of the lists instead.",
    ...span(node),
  };
}

function meant(name: string, known: readonly string[]): string {
  const candidate = nearest(name, known);
  return candidate === undefined ? "" : `Did you mean \`${candidate}\`? `;
}

function span(node: ASTNode): { readonly start: number; readonly length: number } {
  return { start: node.start, length: node.end - node.start };
}
