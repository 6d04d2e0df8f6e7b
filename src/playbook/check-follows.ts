import { stages } from "../lvs/stage.ts";
import type { ResourceKind } from "../resources/resource.ts";
import type { Step as StepFile } from "./generated/playbook-file.ts";
import { type StepSource, unfitting, unknownName } from "./step-source.ts";

/**
 * An action has to follow steps, and nothing else can. The steps that it follows must not come later. Mistakes go to the
 * source's problems.
 */
export function checkFollows(source: StepSource, step: StepFile, kind: ResourceKind): void {
  const { file, index, problems } = source;
  const follows = step.follows ?? [];
  if (kind.action === true && follows.length === 0) {
    problems.push(
      unfitting(source, `\`${step.resource}\` is an action: it has no state, so something has to tell when it runs.`, {
        hint: "Add `follows` with the ids of the steps whose changes it answers.",
        path: ["steps", index, "resource"],
      }),
    );
  }
  if (kind.action !== true && follows.length > 0) {
    problems.push(
      unfitting(
        source,
        `\`${step.resource}\` has a state of its own that decides when it changes; it follows nothing.`,
        {
          hint: "Remove `follows`; only actions such as gratuitous-arp have it.",
          path: ["steps", index, "follows"],
          what: "key",
        },
      ),
    );
  }
  for (const [position, id] of follows.entries()) {
    const followed = file.steps.find((other) => other.id === id);
    const path = ["steps", index, "follows", position];
    if (followed === undefined) {
      const others = file.steps.map((other) => other.id).filter((other) => other !== step.id);
      problems.push(unknownName(source, "follows", id, others, path));
    } else if (followed === step || stages.indexOf(followed.stage) > stages.indexOf(step.stage)) {
      problems.push(
        unfitting(source, `"${id}" runs in stage ${followed.stage}, which is not before this step (${step.stage}).`, {
          hint: "Follow steps that come before, or move this step to a later stage.",
          path,
        }),
      );
    }
  }
}
