/** Which fields of the topology an expression reads, such as `service.masquerade`. */
import type { ASTNode } from "@marcbachmann/cel-js";
import { boundIn, children, type ScopeTypes, typeOf } from "./inspect-expression.ts";

/** One place where an expression reads a field; `start` and `length` count characters of its text. */
export interface FieldRead {
  /** The type that has the field, `Service`; `dyn` if only evaluation can tell. */
  readonly owner: string;
  /** The name of the field; undefined if an expression gives it. */
  readonly field: string | undefined;
  /** The variable of the playbook whose field it is; undefined for elements of lists and other values. */
  readonly variable: string | undefined;
  /** Whether the value of the expression is this field and nothing else. */
  readonly isWhole: boolean;
  readonly start: number;
  readonly length: number;
}

/** All reads of fields in a parsed expression, in the order of the tree. `scope` gives the type of each variable. */
export function fieldReads(ast: ASTNode, scope: ScopeTypes): readonly FieldRead[] {
  const read = (node: ASTNode, types: ScopeTypes, local: ReadonlySet<string>): readonly FieldRead[] => {
    const bound = boundIn(node, types);
    const found = children(node).flatMap((child) =>
      bound === undefined || !bound.body.includes(child)
        ? read(child, types, local)
        : read(child, bound.scope, new Set([...local, bound.name])),
    );
    const access = accessed(node);
    if (access === undefined) return found;
    const { of, field } = access;
    const variable = of.op === "id" && !local.has(of.args) ? of.args : undefined;
    const span = { start: node.start, length: node.end - node.start };
    return [...found, { owner: typeOf(of, types), field, variable, isWhole: node === ast, ...span }];
  };
  return read(ast, scope, new Set());
}

/** What a node reads a field of: `service.arp`, `service.?arp`, `service["arp"]`; `list[0]` reads none. */
function accessed(node: ASTNode): { readonly of: ASTNode; readonly field: string | undefined } | undefined {
  switch (node.op) {
    case ".":
    case ".?":
      return { of: node.args[0], field: node.args[1] };
    case "[]":
    case "[?]": {
      const [of, index] = node.args;
      if (index.op !== "value") return { of, field: undefined };
      return typeof index.args === "string" ? { of, field: index.args } : undefined;
    }
    default:
      return undefined;
  }
}
