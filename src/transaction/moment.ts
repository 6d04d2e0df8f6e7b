/**
 * Where a command that changes hosts is. It decides what an interrupt still does.
 *
 * - `reading`: nothing has been changed
 * - `changing`: a stage is running, or the hosts are being armed
 * - `trying`: `--atomic` checks whether what was made works
 * - `logging-in`: everything is made, and no host is confirmed yet
 * - `confirming`: from the first confirmation to the last; the changes stay
 * - `rolling-back`: that has begun already
 * - `keeping`: what was made before a failure is kept, as `--no-rollback` asks
 * - `draining`: the change is confirmed, and connections are given time to end
 * - `verifying`: the run is confirmed, and requests are sent
 * - `verifying-pending`: the same for a run that `--no-confirm` leaves pending
 */
export type Moment =
  | "reading"
  | "changing"
  | "trying"
  | "logging-in"
  | "confirming"
  | "rolling-back"
  | "keeping"
  | "draining"
  | "verifying"
  | "verifying-pending";
