"""Runs a program on a terminal of its own, and prints as JSON what it wrote there, and how it ended.

Arguments: JSON with `argv`, and optionally `columns`; `file` and `text`: when that file holds this text, `keys` are typed, or
without `keys` the terminal is closed, as when its window is, after a SIGHUP like that of a shell. `dialogue`: pairs of a text
and keys; each is typed when its text has come after the last keys.

A program that has not ended `patienceSeconds` after the last keys is killed: one that redraws its screen looks busy for ever.
"""
import errno
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

order = json.loads(sys.argv[1])
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, order.get("columns", 0), 0, 0))
    os.execvp(order["argv"][0], order["argv"])

printed = b""
waits = "text" in order
dialogue = order.get("dialogue", [])
answered = 0
patience_seconds = order.get("patienceSeconds", 300)
typed = time.monotonic()


def give_up():
    os.kill(child, signal.SIGKILL)
    sys.exit(f"it did not end in {patience_seconds} s; on its terminal stood: {printed.decode('utf-8', 'replace')}")


def is_time():
    if "file" not in order:
        return order["text"].encode() in printed
    try:
        with open(order["file"]) as file:
            return order["text"] in file.read()
    except FileNotFoundError:
        return False


while True:
    if waits and is_time():
        waits = False
        typed = time.monotonic()
        if "keys" in order:
            os.write(terminal, order["keys"].encode())
        else:
            os.kill(child, signal.SIGHUP)  # First: later the program may be just about to end, and be killed by it.
            os.close(terminal)
            break
    if dialogue and dialogue[0][0].encode() in printed[answered:]:
        answered = len(printed)
        typed = time.monotonic()
        os.write(terminal, dialogue.pop(0)[1].encode())
    if time.monotonic() - typed > patience_seconds:
        give_up()
    if not select.select([terminal], [], [], 0.05)[0]:
        continue
    try:
        chunk = os.read(terminal, 65536)
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        break
    if not chunk:
        break
    printed += chunk

ended, status = os.waitpid(child, os.WNOHANG)
while ended == 0:
    if time.monotonic() - typed > patience_seconds:
        give_up()
    time.sleep(0.01)
    ended, status = os.waitpid(child, os.WNOHANG)
print(
    json.dumps(
        {
            "printed": printed.decode("utf-8", "replace"),
            "status": os.waitstatus_to_exitcode(status),
            "acted": not waits and not dialogue,
        }
    )
)
