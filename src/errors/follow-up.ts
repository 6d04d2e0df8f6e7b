/** Commands that an error tells the user to run, for layers that do not know what the user has typed. */

/** A topology that the user has not named, on hosts of the one that was. */
export interface OtherTopology {
  readonly name: string;
  readonly hosts: readonly string[];
}

/** Writes a command that an error names as the user would type it: of `confirm`, `lvsctl confirm dr.yaml`. */
export type FollowUp = (command: string, other?: OtherTopology) => string;

/** The same where nobody knows what the user has typed. */
export const bareCommand: FollowUp = (command, other) =>
  `lvsctl ${command}${other === undefined ? "" : ` --name ${other.name} --host ${other.hosts.join(",")}`}`;
