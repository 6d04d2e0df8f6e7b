/** Typed access to the states of one kind; plans, ledgers and hosts hold untyped states of all kinds. */
import type { Observed, ResourceKind, State } from "./resource.ts";

/** `T` with its state properties typed as states of one kind. */
type WithStates<T, S> = T & {
  readonly [Name in keyof T & ("state" | "before" | "after" | "original")]: S | Exclude<T[Name], State>;
};

/** Whether a change, a ledger entry or a wanted resource is of this kind; narrows the type of its states. */
export function isOf<S extends State, Detail, T extends { readonly kind: string }>(
  kind: ResourceKind<S, Detail>,
  thing: T,
): thing is WithStates<T, S> {
  return thing.kind === kind.kind;
}

/** The changes, entries or resources that are of this kind. */
export function allOf<S extends State, Detail, T extends { readonly kind: string }>(
  kind: ResourceKind<S, Detail>,
  things: readonly T[],
): readonly WithStates<T, S>[] {
  return things.filter((thing) => isOf(kind, thing));
}

/** A resource of this kind, under the name that its state has there. */
export function resourceOf<S extends State, Detail>(kind: ResourceKind<S, Detail>, state: S) {
  return { kind: kind.kind, key: kind.key(state), state };
}

/** What was found of this kind on a host; undefined if it was not read. */
export function observedOf<S extends State, Detail>(
  kind: ResourceKind<S, Detail>,
  observed: ReadonlyMap<string, Observed>,
): Observed<S, Detail> | undefined {
  return observed.get(kind.kind) as Observed<S, Detail> | undefined;
}
