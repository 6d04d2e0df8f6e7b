/** Where our lines stand in rc.local. */
import { describe, expect, test } from "vitest";
import { placeIn } from "../../src/resources/boot/rc-local-place.ts";

describe("our lines stand", () => {
  test.each([
    "exit",
    "exit 0",
    "exit 0 ",
    "exit 0 # done",
    "exit 0;",
    "\texit 0",
    "exit $?",
    "echo done; exit 0",
    "start || exit 1",
    "[ -x /d ] && exec /d",
    "exec /usr/sbin/d --foreground",
    "if [ -x /d ]; then exec /d; fi",
    "for d in a b; do start $d || exit 1; done",
    "start || { echo 'it failed'; exit 1; }",
    "nohup d & exit 0",
    'exit "$status"',
  ])("before a last line %j", (last) => {
    for (const end of ["", "\n", "\n\n", "\n# the end: exit\n"]) {
      expect(placeIn(`#!/bin/sh -e\necho theirs\n\n${last}${end}`)).toEqual({ before: 3 });
    }
    expect(placeIn(last)).toEqual({ before: 0 });
  });

  test.each([
    "",
    "#!/bin/sh\n",
    "#!/bin/bash\ntouch /var/lock/subsys/local\n",
    "#!/usr/bin/env bash\n# exit 0\n",
    "#!/bin/sh\nexec >/var/log/rc.log 2>&1\nexec 3</dev/null\nstart\n",
    "#!/bin/sh\ntrap 'exit 0' TERM\nsu -c \"exec d\" nobody\nfind / -exec true +\ndocker exec web start\n",
    "#!/bin/sh\nexit_code=0\nexits\n",
  ])("at the end of %j", (text) => expect(placeIn(text)).toEqual({ before: text.split("\n").length }));
});

describe("nobody can say where they would run", () => {
  test.each([
    ["#!/bin/sh\n[ -x /d ] || exit 0\n/d\nexit 0\n", 'it may end before them, in line 2 ("[ -x /d ] || exit 0")'],
    ["#!/bin/sh\nexit 0\necho dead\n", 'it may end before them, in line 2 ("exit 0")'],
    ["#!/bin/sh\nif a; then\n  exit 1\nfi\n", 'it may end before them, in line 3 ("exit 1")'],
    ["#!/bin/sh\na || {\n  exit 1; }\n", 'it may end before them, in line 3 ("exit 1; }")'],
    ["#!/bin/sh\nstart &&\nexit 0\n", 'it may end before them, in line 3 ("exit 0")'],
    ["#!/bin/sh\nstart && \\\nexit 0\n", 'it may end before them, in line 3 ("exit 0")'],
    ["#!/bin/sh\ncase $1 in\na) ;;\n*) exit 0 ;; esac\n", 'it may end before them, in line 4 ("*) exit 0 ;; esac")'],
    ["#!/bin/sh\nsu -c '\nd\nexit 0'\n", 'it may end before them, in line 4 ("exit 0\'")'],
    ["#!/usr/bin/perl\nexit 0;\n", 'it is no shell script ("#!/usr/bin/perl")'],
    ["#!/usr/bin/env python3\n", 'it is no shell script ("#!/usr/bin/env python3")'],
  ])("%j", (text, doubt) => expect(placeIn(text)).toEqual({ doubt }));
});

test("the lines of another topology are no end, although there is an exit in them", () => {
  const text = "#!/bin/sh\n# lvsctl other: begin\n/bin/sh -c x; exit 0\n# lvsctl other: end\n";
  expect(placeIn(text, (line) => line >= 1 && line <= 3)).toEqual({ before: 5 });
  expect(placeIn(text)).toEqual({ before: 2 });
});
