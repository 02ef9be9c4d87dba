#!/usr/bin/env python3
"""Interrupts the program and takes away what it needs; whatever happens, a file is the old one or the new one and every end has its exit code.

usage: interrupt.py PROGRAM [--rounds N]
"""
import argparse
import os
import pathlib
import pwd
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time

OLD = b"what was there before\n"
WRITE = ["patients", "simulate", "CLEOPATRA", "--analysis", "os-end-of-study", "--replicates", "40", "--format", "csv", "-o"]
SECONDS = 300
failures = []
passed = 0


def check(condition, what):
    global passed
    if condition:
        passed += 1
    else:
        failures.append(what)


def run(program, *arguments, **settings):
    return subprocess.run([program, *arguments], capture_output=True, timeout=SECONDS, check=False, **{"stdin": subprocess.DEVNULL, **settings})


def killed_while_writing(program, rounds):
    with tempfile.TemporaryDirectory(prefix="hersurv-interrupt-") as folder:
        target = pathlib.Path(folder) / "patients.csv"
        begun = time.monotonic()
        run(program, *WRITE, str(target))
        whole, needed = target.read_bytes(), time.monotonic() - begun
        random_of = random.Random(1)
        ends = {"old": 0, "new": 0}
        for number in range(rounds):
            sent = [signal.SIGKILL, signal.SIGTERM, signal.SIGINT][number % 3]
            target.write_bytes(OLD)
            process = subprocess.Popen([program, *WRITE, str(target)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(random_of.uniform(0, 1.1 * needed))
            process.send_signal(sent)
            process.wait(SECONDS)
            found = target.read_bytes()
            check(found in (OLD, whole), f"{sent.name}: {target.name} is a part, {len(found)} bytes")
            ends["new" if found == whole else "old"] += 1
            left = [entry for entry in os.listdir(folder) if entry != target.name]
            # Nothing can be removed by a program that is killed.
            check(sent == signal.SIGKILL or not left, f"{sent.name}: leaves {left}")
            for entry in left:
                os.unlink(os.path.join(folder, entry))
        print(f"interrupted while it wrote: the old file {ends['old']} times, the new one {ends['new']} times")


def nowhere_to_write(program):
    done = run(program, "list", "-o", "/dev/full")
    check(done.returncode == 5 and done.stderr, "-o /dev/full is no fault")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([program, "list"], stdout=full, stderr=subprocess.PIPE, check=False)
    check(done.returncode == 5 and done.stderr, "a full disk as standard output is no fault")
    with tempfile.TemporaryDirectory(prefix="hersurv-interrupt-") as folder:
        target = pathlib.Path(folder) / "list.txt"
        target.write_bytes(OLD)
        done = run(program, "list", "-o", str(target), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)))
        check(done.returncode == 5 and target.read_bytes() == OLD and os.listdir(folder) == [target.name], "a file larger than is allowed leaves a part")


def closed_descriptors(program):
    for closed in ((0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)):
        with tempfile.TemporaryDirectory(prefix="hersurv-interrupt-") as folder:
            target = pathlib.Path(folder) / "list.txt"
            process = subprocess.Popen([program, "list", "--names", "-o", str(target)],
                                       preexec_fn=lambda closed=closed: [os.close(number) for number in closed])
            code = process.wait(SECONDS)
            check(code == 0 and target.read_text().splitlines()[0] == "Bergen", f"descriptors {closed} closed: exit code {code}")
    done = subprocess.run([program, "list"], preexec_fn=lambda: os.close(1), stderr=subprocess.PIPE, check=False)
    check(done.returncode == 5 and done.stderr, "a closed standard output is no fault")


def interrupted_calls(program):
    """A signal that only wakes (the child stops and goes on) does not end a write or a read."""
    with tempfile.TemporaryDirectory(prefix="hersurv-interrupt-") as folder:
        target = pathlib.Path(folder) / "patients.csv"
        run(program, *WRITE, str(target))
        whole = target.read_bytes()
        target.write_bytes(OLD)
        process = subprocess.Popen([program, *WRITE, str(target)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(40):
            if process.poll() is not None:
                break
            process.send_signal(signal.SIGSTOP)
            process.send_signal(signal.SIGCONT)
            time.sleep(0.005)
        check(process.wait(SECONDS) == 0 and target.read_bytes() == whole, "stopped and continued: another answer")


def one_process(program):
    """As somebody who may start nothing more: no thread can be started."""
    if os.geteuid() != 0:
        return
    nobody = pwd.getpwnam("nobody").pw_uid

    def limited():
        resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
        os.setuid(nobody)

    with tempfile.TemporaryDirectory(prefix="hersurv-interrupt-") as folder:
        # Others may not go where the program is.
        copy = pathlib.Path(folder) / "hersurv"
        copy.write_bytes(pathlib.Path(program).read_bytes())
        copy.chmod(0o755)
        pathlib.Path(folder).chmod(0o755)
        alone = run(str(copy), "fit", "EMILIA", "--threads", "8", preexec_fn=limited, cwd="/")
        check(alone.returncode == 0 and alone.stdout == run(program, "fit", "EMILIA").stdout, f"without threads: {alone.returncode} {alone.stderr[:200]}")


def little_memory(program):
    for megabytes in (12, 16, 20, 24, 32, 40, 60, 100, 150):
        for arguments in (["fit", "CLEOPATRA", "--threads", "8"], ["report", "--format", "html"], ["list", "--names"]):
            size = megabytes << 20
            done = run(program, *arguments, preexec_fn=lambda size=size: resource.setrlimit(resource.RLIMIT_AS, (size, size)))
            # The loader itself may lack the room for the program: then it says so, with 127.
            check(done.returncode in (0, 3, 127) and (done.returncode == 0 or done.stderr), f"{arguments} in {megabytes} MB: exit code {done.returncode} {done.stderr[-200:]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    program = str(pathlib.Path(options.program).resolve())
    killed_while_writing(program, options.rounds)
    nowhere_to_write(program)
    closed_descriptors(program)
    interrupted_calls(program)
    one_process(program)
    little_memory(program)
    for failure in failures:
        print(failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
