// The safeguards, and how to remove each of them from a copy of the code: see safeguards.mjs.
const ENGINE = ["unit", "test/transaction/engine"];
const CONTRACT = ["sockets", "test/transaction/run-host"];
const UNIT_DRAIN = ["unit", "test/transaction/drain"];

/**
 * `edits` remove a safeguard: in a file, one text is replaced with another. `prevents`: what happens without it. `tests`: the
 * project and the files in which a test has to notice. `isBuilt`: these run the built lvsctl.
 */
export const SAFEGUARDS = [
  {
    name: "hosts hear from lvsctl while they wait",
    prevents: "a long stage or drain on another host makes them roll the run back",
    tests: ENGINE,
    edits: [
      ["src/transaction/run-plan.ts", "const stopRenewing = run.keepRenewing();", "const stopRenewing = () => {};"],
    ],
  },
  {
    name: "lvsctl logs in to every host again before it confirms the first",
    prevents: "a run is confirmed although it has broken a login, or although its host was restarted",
    tests: ENGINE,
    edits: [["src/transaction/run.ts", "await onAll(this.hosts.values(), (host) => host.prepare());", "[];"]],
  },
  {
    name: "no host is confirmed before all are prepared",
    prevents: "some hosts are confirmed and others rolled back",
    tests: ENGINE,
    edits: [
      ["src/transaction/run.ts", "await onAll(this.hosts.values(), (host) => host.prepare());", "[];"],
      [
        "src/transaction/run.ts",
        "      host.confirm(this.ledgerAfter(",
        "      host.prepare().then(() => host.confirm(this.ledgerAfter(",
      ],
      ["src/transaction/run.ts", "this.realChangesOn(host.host)),\n    );", "this.realChangesOn(host.host))),\n    );"],
    ],
  },
  {
    name: "a lost confirmation is sent again",
    prevents: "some hosts are confirmed and others roll back",
    tests: ENGINE,
    edits: [
      [
        "src/transaction/run.ts",
        "return patientlyOnAll(this.hosts.values(), this.options, (host) =>\n      host.confirm(",
        "return onAll(this.hosts.values(), (host) =>\n      host.confirm(",
      ],
    ],
  },
  {
    name: "a host whose run has ended is asked whether it was confirmed",
    prevents: "a confirmation whose answer was lost is reported as a rollback",
    tests: ENGINE,
    edits: [["src/transaction/armed-host.ts", "(await this.hasEnded(after, changes))", "false"]],
  },
  {
    name: "an interrupt counts until the first confirmation",
    prevents: "a run that somebody wanted to stop is kept",
    tests: ENGINE,
    edits: [
      [
        "src/transaction/run-plan.ts",
        "if (verdict === true && failures.length === 0 && !isAborted()) {",
        "if (verdict === true && failures.length === 0) {",
      ],
    ],
  },
  {
    name: "lvsctl waits for a host that is away",
    prevents: "a host that comes back in time is left to its timer",
    tests: ENGINE,
    edits: [
      [
        "src/transaction/side-by-side.ts",
        "throw failure;\n      await machine.clock.sleep(RETRY_MS);",
        "throw failure;\n      throw failure;",
      ],
    ],
  },
  {
    name: "a connection that breaks while idle is opened again",
    prevents: "a host rolls back although it can be reached",
    tests: ENGINE,
    edits: [
      [
        "src/transaction/armed-host.ts",
        "&& this.works === 0) await this.at.abandon();",
        "&& this.works < 0) await this.at.abandon();",
      ],
    ],
  },
  {
    name: "the newest changes are rolled back first",
    prevents: "something is removed while other things still need it",
    tests: ENGINE,
    edits: [
      [
        "src/transaction/run.ts",
        "for (const phase of [...this.begun].reverse()) {",
        "for (const phase of this.begun) {",
      ],
    ],
  },
  {
    name: "the host itself undoes a step that was cut short",
    prevents: "the run stays pending, with a step half done",
    tests: ENGINE,
    edits: [
      [
        "src/transaction/run.ts",
        "note(await onAll([...this.hosts.values()].filter(isFinished), (host) => host.undo()));",
        "",
      ],
    ],
  },
  {
    name: "a host that did not answer when it was armed is told to forget the run",
    prevents: "it stays locked until its timer expires",
    tests: ENGINE,
    edits: [
      ["src/transaction/run.ts", "if (!isLost(asFailure(thrown, host.host))) refused.add(host);", "refused.add(host);"],
    ],
  },
  {
    name: "a host whose address changes reports which steps it has done",
    prevents: "a run continues after a stage that never ran",
    tests: ENGINE,
    edits: [
      ["src/transaction/armed-host.ts", "if (!(await this.isDone(steps))) throw error;", "await this.isDone([]);"],
    ],
  },
  {
    name: "real servers are drained before anything is removed",
    prevents: "open connections are cut",
    tests: UNIT_DRAIN,
    edits: [["src/transaction/drain-phase.ts", "return [...phases.slice(0, at), {", "return [...phases, {"]],
  },
  {
    name: "a run that a host could not roll back completely is not confirmed",
    prevents: "lvsctl says that a run is made, half of which the host has undone",
    tests: CONTRACT,
    edits: [["src/transaction/shell/host-script.ts", '[ ! -e "$R/wanted" ] || rm -f "$R/wanted" || exit 1\n', ""]],
  },
  {
    name: "a run in progress is stopped before it is rolled back",
    prevents: "steps that run meanwhile stay",
    tests: ENGINE,
    edits: [
      ["src/transaction/end-pending.ts", 'if (["live", "expired"].includes(pending.state)) await host.stop();', ""],
    ],
  },
  {
    name: "a host whose answer was lost is stopped before its state is compared",
    prevents: "what it changes after the connection has broken stays, and is reported as rolled back",
    tests: ENGINE,
    edits: [["src/transaction/armed-host.ts", "if (!this.mayBeAtWork) return;", "return;"]],
  },
  {
    name: "a host that was too busy to be stopped is stopped again before its state is compared",
    prevents: "what it changes after that stays, and is reported as rolled back",
    tests: ENGINE,
    edits: [
      [
        "src/transaction/armed-host.ts",
        'this.mayBeAtWork = answer.result === "failed" && answer.step === undefined;',
        "this.mayBeAtWork = false;",
      ],
    ],
  },
  {
    name: "a stage that may be at work is waited for before its run is rolled back",
    prevents: "a step that ends meanwhile stays, and nobody knows of it",
    tests: ENGINE,
    edits: [
      [
        "src/transaction/end-pending.ts",
        '["live", "expired"].includes(pending.state)',
        '["live"].includes(pending.state)',
      ],
    ],
  },
  {
    name: "only a run that is complete on every host can be confirmed",
    prevents: "half a run is kept",
    tests: ENGINE,
    edits: [["src/transaction/end-pending.ts", "size >= pending.record.steps) return;", "size >= 0) return;"]],
  },
  {
    name: "the ledger records what --no-rollback keeps as it is",
    prevents: "destroy leaves what a later step would have changed",
    tests: ENGINE,
    edits: [
      [
        "src/transaction/run.ts",
        "filter((change) => !unmade.has(change))",
        "filter((change) => unmade.size >= 0 || change)",
      ],
    ],
  },
  {
    name: "with --atomic, a run that cannot be verified has failed",
    prevents: "hosts stay armed, and nothing says so",
    tests: ENGINE,
    edits: [
      ["src/transaction/run-plan.ts", "    return signal?.aborted ? [] : [asFailure(error)];", "    throw error;"],
    ],
  },
  {
    name: "one run at a time on a host (arming checks the lock)",
    prevents: "two runs mix",
    tests: CONTRACT,
    edits: [
      [
        "src/transaction/shell/arm-script.ts",
        'if [ -e "$T/id" ] || [ -e "$T/confirmed" ]; then say held; exit 1; fi',
        ":",
      ],
    ],
  },
  {
    name: "a host is armed only if its ledgers are unchanged since they were read",
    prevents: "an outdated plan is carried out",
    tests: CONTRACT,
    edits: [["src/transaction/shell/arm-script.ts", "|| { say changed; unlock; exit 1; }", "|| :"]],
  },
  {
    name: "a step is recorded before it begins",
    prevents: "the host does not undo a step that was cut short",
    tests: ["sockets", "test/transaction/shell/stage-script"],
    edits: [["src/transaction/shell/stage-script.ts", '...note("begun"), ', ""]],
  },
  {
    name: "a step is recorded when it is done",
    prevents: "the undo of the step may fail unnoticed",
    tests: CONTRACT,
    edits: [["src/transaction/shell/stage-script.ts", ', ...note("done")', ""]],
  },
  {
    name: "the host undoes the last step first",
    prevents: "something is removed while other things still need it",
    tests: CONTRACT,
    edits: [["src/transaction/shell/host-script.ts", "[...steps].reverse().flatMap(", "[...steps].flatMap("]],
  },
  {
    name: "the ledger changes with the confirmation, not before",
    prevents: "the ledger records a run that was rolled back",
    tests: CONTRACT,
    edits: [
      [
        "src/transaction/shell/arm-script.ts",
        '${formatLedger(after)} >"$N/ledger.next"',
        "${formatLedger(after)} >${ledgerPath(topology)}",
      ],
    ],
  },
  {
    name: "a run does not continue after its host has restarted",
    prevents: "changes that the restart has undone are confirmed",
    tests: CONTRACT,
    edits: [["src/transaction/shell/host-script.ts", "is_running || exit 1\nis_wanted || exit ${GONE}", ":"]],
  },
  {
    name: "a host ends only the run that a command names",
    prevents: "the rollback of an old run rolls back a new one",
    tests: CONTRACT,
    edits: [["src/transaction/shell/host-script.ts", " || exit ${GONE} # It was meant for another run.", " || :"]],
  },
  {
    name: "a host may not overlook what lvsctl could not undo",
    prevents: "a change stays on the host, and no run is pending there",
    tests: CONTRACT,
    edits: [["src/transaction/shell/stage-script.ts", "leave; end; exit 1", "end; exit 1"]],
  },
  {
    name: "a step whose beginning cannot be noted has failed",
    prevents: "the host does not undo the step",
    tests: ["sockets", "test/transaction/shell/full-run"],
    edits: [
      [
        "src/transaction/shell/stage-script.ts",
        '`note_progress ${number} ${word}`, "check $?"]',
        "`note_progress ${number} ${word}`]",
      ],
    ],
  },
  {
    name: "a host's files of a run are saved before its timer starts",
    prevents: "a power cut leaves empty files, and nobody can roll the run back",
    tests: ["sockets", "test/transaction/shell/saved"],
    edits: [["src/transaction/shell/arm-script.ts", 'save "$N"/* "$N"\n', ""]],
  },
  {
    name: "a confirmation is saved before the ledger is replaced",
    prevents: "a power cut rolls back a run that was confirmed",
    tests: ["sockets", "test/transaction/shell/saved"],
    edits: [
      [
        "src/transaction/shell/host-script.ts",
        'mv "$T/id" "$T/confirmed" && save "$T" && finish',
        'mv "$T/id" "$T/confirmed" && finish',
      ],
    ],
  },
  {
    name: "a damaged ledger is not confirmed",
    prevents: "the host loses its ledger",
    tests: ["sockets", "test/transaction/shell/damaged-files"],
    edits: [["src/transaction/shell/host-script.ts", "is_ready || exit 1\n", ""]],
  },
  {
    name: "a run is ended without the host's script if that is damaged",
    prevents: "the run stays pending for ever",
    tests: ["sockets", "test/transaction/shell/damaged-files"],
    edits: [
      [
        "src/transaction/shell/host-script.ts",
        "if is_whole ${SCRIPT_FILE} ${LAST_LINE}; then exec",
        "if true; then exec",
      ],
    ],
  },
  {
    name: "a process is killed only if it is the one that was noted",
    prevents: "a foreign process that has the same number now is killed",
    tests: ["sockets", "test/transaction/shell/timer"],
    edits: [
      [
        "src/transaction/shell/host-script.ts",
        '&& process "$number" && [ "$since" = "$began" ]',
        '&& process "$number"',
      ],
    ],
  },
  {
    name: "what relies on a failed step is not restored at boot",
    prevents: "a host that could not silence its ARP takes the VIP",
    tests: ["sockets", "test/transaction/shell/restore-script"],
    edits: [
      [
        "src/transaction/shell/restore-script.ts",
        "const needs = (place && reliesOn[place]?.map(slug)) ?? [];",
        "const needs: string[] = [];",
      ],
    ],
  },
  {
    name: "a run of another version of lvsctl is left alone",
    prevents: "what this lvsctl does not know stays, and nobody knows of it",
    tests: ["unit", "test/transaction/newer-run"],
    edits: [
      [
        "src/transaction/end-pending.ts",
        "if (pending.other || unknown !== undefined) throw",
        "if (pending.other) throw",
      ],
    ],
  },
  {
    name: "hosts are asked once more if this machine has slept",
    prevents: "some hosts are confirmed and others have rolled back",
    tests: ["unit", "test/transaction/asleep"],
    edits: [["src/transaction/run.ts", "failures.length === 0 && hasSlept ?", "failures.length < 0 && hasSlept ?"]],
  },
  {
    name: "room for a run's notes is taken while its host is armed",
    prevents: "a disk that gets full ends the run in the middle of a step",
    tests: ["sockets", "test/transaction/shell/full-run"],
    edits: [["src/transaction/shell/arm-script.ts", "${raw(makeNotes(steps.length))}\n", ""]],
  },
  {
    name: "the lock asks flock for nothing that BusyBox's does not know",
    prevents: "no run begins on hosts with BusyBox",
    tests: ["sockets", "test/transaction/shell/lock"],
    edits: [["src/shell/host-script-parts.ts", "if flock -n 9", "if flock -w 1 9"]],
  },
  {
    name: "no run begins without flock",
    prevents: "a host without it answers for ever that another run is under way",
    tests: ["sockets", "test/transaction/shell/lock"],
    edits: [["src/transaction/shell/arm-script.ts", "can_lock || { say no-lock; exit 1; }\n", ""]],
  },
  {
    name: "a unit of a run that could not be rolled back is not left behind as failed",
    prevents: "systemd calls the host degraded after the run has ended",
    tests: ["sockets", "test/transaction/shell"],
    edits: [["src/transaction/shell/host-script.ts", '[ ! -e "$T/failed" ] || forget_unit', "true || forget_unit"]],
  },
  {
    name: "the unit of a timer that something has killed is not left behind as failed",
    prevents: "systemd calls the host degraded after the run has ended",
    tests: ["sockets", "test/transaction/shell/timer"],
    edits: [
      ["src/transaction/shell/host-script.ts", "is_process watcher || return\n", "is_process watcher || return 0\n"],
    ],
  },
  {
    name: "a timer without systemd leaves the login that has started it",
    prevents: "it ends with the login, and nobody rolls the run back",
    tests: ["sockets", "test/transaction/shell/timer"],
    edits: [["src/transaction/shell/host-script.ts", "leave_login && process $$", "process $$"]],
  },
  {
    name: "a jump host is logged in to once for all hosts behind it",
    prevents: "its sshd turns some of them away",
    tests: ["sockets", "test/transport/route"],
    edits: [["src/transport/jump-hosts.ts", "known && suits(known, wish) ? known", "known && !known ? known"]],
  },
  {
    name: "a login that sshd turns away is tried again",
    prevents: "a run fails because many hosts log in at once",
    tests: ["sockets", "test/transport/route"],
    edits: [["src/transport/ssh-login.ts", "const TRIES = 7;", "const TRIES = 1;"]],
  },
  {
    name: "ssh is asked for a few hosts at a time",
    prevents: "with many hosts, waiting for the others counts against the time limit of each",
    tests: ["sockets", "test/transport/route"],
    edits: [["src/transport/ssh-config.ts", "const sshProcesses = pLimit(8);", "const sshProcesses = pLimit(1000);"]],
  },
  {
    name: "a jump host is the same as its host only if name, port and user are",
    prevents: "lvsctl goes around a jump host that the file names",
    tests: ["sockets", "test/transport/route"],
    edits: [
      [
        "src/transport/ssh-route.ts",
        "one.hostName === other.hostName && one.port === other.port && one.user === other.user",
        "one.hostName === other.hostName",
      ],
    ],
  },
  {
    name: "a key that is revoked for a host is refused at each of its ports",
    prevents: "a stolen key is believed",
    tests: ["sockets", "test/transport/host-key"],
    edits: [["src/transport/host-key.ts", "[...found, ...withoutPort].find(", "found.find("]],
  },
  {
    name: "an interrupt at a question for a password ends it",
    prevents: "an empty password is sent to the host",
    tests: ["sockets", "test/transport/password"],
    edits: [["src/transport/secrets.ts", "if (error instanceof LvsctlError) throw error;", ""]],
  },
  {
    name: "a terminal that is gone is closed before Node resets it",
    prevents: "lvsctl crashes at its end",
    tests: ["sockets", "test/report/terminal"],
    isBuilt: true,
    edits: [
      [
        "src/report/output.ts",
        "if (!isHungUp && isatty(descriptor)) continue;",
        "if (!isHungUp || isatty(descriptor)) continue;",
      ],
    ],
  },
  {
    name: "a terminal that is being closed is not relied on",
    prevents: "lvsctl crashes at its end",
    tests: ["sockets", "test/report/terminal"],
    isBuilt: true,
    edits: [
      [
        "src/report/output.ts",
        "if (!isHungUp && isatty(descriptor)) continue;",
        "if (isatty(descriptor) || (isHungUp && isatty(descriptor))) continue;",
      ],
    ],
  },
  {
    name: "a closed terminal is an interrupt",
    prevents: "lvsctl is killed in the middle of a run",
    tests: ["sockets", "test/transaction/interrupt"],
    isBuilt: true,
    edits: [["src/cli/interrupt.ts", '["SIGINT", "SIGTERM", "SIGHUP"]', '["SIGINT", "SIGTERM"]']],
  },
  {
    name: "text of others is shown without commands for the terminal",
    prevents: "a host writes to the operator's screen and clipboard",
    tests: ["unit", "test/report/output"],
    edits: [["src/report/visible.ts", "const SUSPECT = /[\\p{Cc}", "const SUSPECT = /["]],
  },
  {
    name: "the guard lets test(1) ask only about a file",
    prevents: "where sh is bash, reading a host can run a command (test -v)",
    tests: ["unit", "test/transport/guard"],
    edits: [
      [
        "src/transport/guard/files.ts",
        '/^-[defLw]$/.test(first) && second.startsWith("/")',
        "/^-[a-zA-Z]$/.test(first)",
      ],
    ],
  },
  {
    name: "requests are let in through a real server's packet filter",
    prevents: "a filter that drops by default swallows them",
    tests: ["unit", "test/compile"],
    edits: [
      [
        "playbooks/way-in.yaml",
        "- id: requests-to-real-server\n    on: real-server\n    when: >-\n      rs.managed",
        "- id: requests-to-real-server\n    on: real-server\n    when: >-\n      !rs.managed",
      ],
    ],
  },
  {
    name: "replies of marked packets are let through a director's packet filter, whatever their port",
    prevents: "a filter that drops by default swallows them",
    tests: ["unit", "test/compile"],
    edits: [
      [
        "playbooks/nat.yaml",
        "- id: marked-replies\n    on: director\n    when: has",
        "- id: marked-replies\n    on: director\n    when: '!has(service.vip) && service.port == 1' #",
      ],
    ],
  },
  {
    name: "masquerading for every port asks for no port",
    prevents: "no packet matches, and no reply comes back",
    tests: ["unit", "test/compile"],
    edits: [
      [
        "playbooks/nat.yaml",
        '(service.port == 0 ? [] : ["--vport", string(service.port)])',
        '["--vport", string(service.port)]',
      ],
    ],
  },
  {
    name: "two directors on one segment may not have the same virtual address",
    prevents: "both announce it, and connections break",
    tests: ["unit", "test/topology"],
    edits: [["src/topology/rules/shared-addresses.ts", "if (service.directors.length < 2) continue;", "continue;"]],
  },
  {
    name: "forwarding is set without changing it on other interfaces",
    prevents: "destroy resets what an administrator has set for one interface",
    tests: ["unit", "test/resources/cases"],
    edits: [
      [
        "src/resources/sysctl.ts",
        "return [...new Set(all.filter((other) => isSetAlong(other, key) || companions.includes(other)))];",
        "return all.slice(all.length);",
      ],
    ],
  },
  {
    name: "interfaces that had another forwarding than the host get it back",
    prevents: "what the host forwarded there by itself stops after destroy",
    tests: ["sockets", "test/resources/switches"],
    edits: [
      [
        "src/resources/sysctl.ts",
        "if (single.length === 0) return command;",
        "if (single.length >= 0) return command;",
      ],
    ],
  },
  {
    name: "a broken connection ends a renewal quietly",
    prevents: "lvsctl crashes in the middle of a run",
    tests: ["unit", "test/transaction/engine"],
    edits: [
      ["src/transaction/armed-host.ts", "// The next call finds out what has become of the run there.", "throw error;"],
    ],
  },
  {
    name: "what services asked for during a run is done when it has ended",
    prevents: "what they have deleted meanwhile is missing until the next apply",
    tests: ["sockets", "test/transaction/shell/timer"],
    edits: [["src/transaction/shell/host-script.ts", "restore_again\nrm -rf", "rm -rf"]],
  },
  {
    name: "what is restored is chosen when the lock is there",
    prevents: "a restore that waits through a run brings back the state before it",
    tests: ["sockets", "test/transaction/shell/under-way"],
    edits: [["src/transaction/shell/restore-script.ts", 'grep -qsxF "state=$state" ${path} && return', "return"]],
  },
  {
    name: "a restore that finds a run leaves word",
    prevents: "what services have deleted just before a run is missing until the next apply",
    tests: ["sockets", "test/transaction/shell/under-way"],
    edits: [["src/resources/boot/under-way.ts", "touch ${mark} 2>/dev/null && ", ""]],
  },
  {
    name: "the lock is free while a step that failed at boot waits",
    prevents: "one topology's missing interface keeps the others' services away for a minute",
    tests: ["sockets", "test/transaction/shell/under-way"],
    edits: [["src/transaction/shell/restore-script.ts", "exec 9<&-\nsleep 1", "sleep 1"]],
  },
  {
    name: "a run is of this boot only if what a restart takes is there, too",
    prevents: "in a container that was restarted in a run, nothing is restored any more",
    tests: ["sockets", "test/transaction/shell/under-way"],
    edits: [["src/resources/boot/under-way.ts", "[ -e ${RUNTIME_FOLDER}/progress ] && ", ""]],
  },
  {
    name: "only root can open what is locked",
    prevents: "any user of a host keeps its part of a run from being confirmed",
    tests: ["sockets", "test/transaction/shell/lock"],
    edits: [["src/shell/host-script-parts.ts", "umask 077\n", ""]],
  },
  {
    name: "a lock on a file that was removed meanwhile is none",
    prevents: "two programs work on a host at once",
    tests: ["sockets", "test/transaction/shell/lock"],
    edits: [["src/shell/host-script-parts.ts", " && [ /proc/self/fd/9 -ef ${LOCK_FILE} ]", ""]],
  },
  {
    name: "only who has the lock removes its file",
    prevents: "two programs work on a host at once",
    tests: ["sockets", "test/transaction/shell/lock"],
    edits: [["src/shell/host-script-parts.ts", '[ -z "$locked" ] || rm', "rm"]],
  },
  {
    name: "what starts us at boot stays until the run that removes it is confirmed",
    prevents: "after a power cut in a destroy, nothing rolls it back",
    tests: ["sockets", "test/resources/boot-unit"],
    edits: [["src/resources/boot/in-run.ts", "${raw(IN_RUN)} && [ -e ${RUNTIME_FOLDER}/wanted ]", "false"]],
  },
  {
    name: "a run that is rolled back after a restart of its host leaves word to restore the rest",
    prevents: "addresses and rules of the old state stay away until the next restart",
    tests: ["sockets", "test/resources/boot-unit"],
    edits: [["src/resources/boot/in-run.ts", "touch ${againMark(topology)} ", "true "]],
  },
  {
    name: "last steps that failed are tried again",
    prevents: "a unit of a topology that was destroyed stays for good",
    tests: ["sockets", "test/transaction/shell/last-steps"],
    edits: [["src/transaction/shell/host-script.ts", "9<&- </dev/null || exit 1\nclean", "9<&- </dev/null\nclean"]],
  },
  {
    name: "a rule that a plan shows by itself is placed without going through its whole chain",
    prevents: "a plan of thousands of rules takes minutes",
    tests: ["unit", "test/plan/many-rules"],
    edits: [
      [
        "src/resources/iptables/chain-order.ts",
        "removed.size === 0 || movesAlone ? known : gapsIn(left(), wanted);",
        "gapsIn(left(), wanted);",
      ],
    ],
  },
  {
    name: "lvsctl logs in to a few hosts at a time, as --parallel says",
    prevents: "with many hosts, sshds and the network turn some logins away",
    tests: ["unit", "test/app/sessions"],
    edits: [["src/app/each-host.ts", "const limit = pLimit(options.parallel);", "const limit = pLimit(1_000);"]],
  },
  {
    name: "lvsctl logs in again to a few hosts at a time",
    prevents: "a run fails in its last step because many hosts log in at once",
    tests: ["unit", "test/app/sessions"],
    edits: [
      [
        "src/app/sessions.ts",
        "before: (isAnew) => limit(() => openAt(destination, isAnew)),",
        "before: (isAnew) => openAt(destination, isAnew),",
      ],
    ],
  },
  {
    name: "requests are let in through a director's packet filter",
    prevents: "a filter that drops by default swallows them",
    tests: ["unit", "test/compile/examples"],
    edits: [
      [
        "playbooks/way-in.yaml",
        "- id: requests-to-director\n    on: director\n    when: has(service.vip)",
        "- id: requests-to-director\n    on: director\n    when: has(service.vip) && service.port == 1",
      ],
    ],
  },
  {
    name: "published requests are let through the firewall's packet filter",
    prevents: "a filter that drops by default swallows them",
    tests: ["unit", "test/compile/examples"],
    edits: [
      [
        "playbooks/publish.yaml",
        '- id: requests-through\n    on: ${{ service.publish.on }}\n    when: "',
        '- id: requests-through\n    on: ${{ service.publish.on }}\n    when: "service.port == 1 && ',
      ],
    ],
  },
  {
    name: "a tunnel's packets are let in through a real server's packet filter",
    prevents: "a filter that drops by default swallows them",
    tests: ["unit", "test/compile/examples"],
    edits: [
      [
        "playbooks/tun.yaml",
        "- id: tunnel-through-filter\n    on: real-server\n    when: rs.managed",
        "- id: tunnel-through-filter\n    on: real-server\n    when: '!rs.managed' #",
      ],
    ],
  },
  {
    name: "a host that would drop a service's packets by rp_filter is named",
    prevents: "replies are dropped, and nothing says why",
    tests: ["unit", "test/topology/golden"],
    edits: [
      [
        "src/topology/rules/source-check.ts",
        "for (const check of sourceChecks(network, hosts, leg)) {",
        "for (const check of sourceChecks(network, [], leg)) {",
      ],
    ],
  },
  {
    name: "no password is offered to a host that only a ledger names",
    prevents: "a tampered ledger sends passwords to another machine",
    tests: ["unit", "test/app/removed-hosts"],
    edits: [["src/app/removed-hosts.ts", "const { askSecret: _, ...careful } = options;", "const careful = options;"]],
  },
  {
    name: "typed passwords are left out of the report of a crash",
    prevents: "somebody sends a password along with a report",
    tests: ["unit", "test/cli/crash"],
    edits: [["src/cli/main.ts", "secrets.crashText(error)", "error?.stack ?? error"]],
  },
];
