#!/usr/bin/env python3
"""The roster engine beside its peers, in one run of under six minutes, on a machine that does nothing else.

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install ortools
    cargo build --release --locked -p matchday-roster --examples
    /tmp/peers/bin/python services/volunteers/engine/benches/roster.py ../shared/tools/roster

The argument is the folder of generate.py, check.py, greedy.py and peer_cpsat.py. Every roster, ours and a peer's, is
judged by check.py. Without ortools only the engine and the greedy peer run. `--ours` leaves the peers out.
"""

import json
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[4]
EXAMPLES = ROOT / "target" / "release" / "examples"
# Weight of an assignment taken away, and the day of the repair.
CHANGE, DAY = 20, 4


def roster(path):
    """A roster file, by shift."""
    return {int(shift): crew for shift, crew in json.loads(pathlib.Path(path).read_text()).items()}


def timed(what, command):
    """Runs a command; prints its last lines with the processor time and the most memory of any child so far."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"## {what}: {wall:.1f} s, processor {cpu:.1f} s, most memory so far {after.ru_maxrss // 1024} MB")
    for line in done.stdout.splitlines()[-3:]:
        print("  ", line)


def disturb(instance, base):
    """Thirty who do not come and twenty shifts three hours late on one day, as repair_case.py draws them."""
    dice = random.Random(3)
    shifts = [shift for shift in instance["shifts"] if shift["day"] == DAY]
    delayed = dice.sample(shifts, 20)
    for shift in delayed:
        if shift["end"] + 180 <= (DAY + 1) * 1440:
            shift["start"] += 180
            shift["end"] += 180
    at_work = sorted({one for shift in shifts for one in base.get(shift["id"], [])})
    return set(dice.sample(at_work, 30)), {shift["id"] for shift in delayed}


def carried(check, instance, base, absent, delayed):
    """What of the published roster still holds, as repair_case.py carries it over."""
    people = {one["id"]: one for one in instance["vols"]}
    held, kept = {}, {}
    for shift in instance["shifts"]:
        crew = base.get(shift["id"], [])
        stay = [
            one for one in crew
            if not (one in absent and shift["day"] == DAY) and check.eligible(people[one], shift)
        ]
        kept[shift["id"]] = stay
        for one in stay:
            held.setdefault(one, []).append(shift)
    for one, own in held.items():
        for shift in list(own):
            others = (other for other in own if other is not shift)
            if shift["id"] in delayed and any(check.conflict(people[one], shift, other) for other in others):
                kept[shift["id"]].remove(one)
                own.remove(shift)
    return kept


def peers(folder, work, instance):
    """Greedy, and CP-SAT from greedy for 60 s."""
    timed("greedy", [sys.executable, folder / "greedy.py", instance, work / "greedy.json"])
    seconds = 60
    command = [folder / "peer_cpsat.py", instance, seconds, work / "greedy.json", work / "cpsat.json"]
    timed(f"CP-SAT {seconds} s from greedy", [sys.executable, *command])


def repair(check, work, path, published, with_peer):
    """The repair of one published roster, by the engine and by CP-SAT restricted to the day."""
    instance, base = check.load(path), roster(published)
    absent, delayed = disturb(instance, base)
    case = work / "case.json"
    case.write_text(json.dumps(instance | {"noshow": [[one, DAY] for one in sorted(absent)]}))
    timed("repair", [EXAMPLES / "repair", published, case, "--seconds", 1, "--out", work / "repaired.json"])
    print("  ", check.evaluate(instance, roster(work / "repaired.json"), base, CHANGE))
    if not with_peer:
        return
    import peer_cpsat

    start = time.monotonic()
    kept = carried(check, instance, base, absent, delayed)
    hint = {shift: set(crew) for shift, crew in kept.items()}
    away = {(one, DAY) for one in absent}
    model, seats = peer_cpsat.build(instance, hint=hint, base=base, w_change=CHANGE, noshow=away)
    days = {shift["id"]: shift["day"] for shift in instance["shifts"]}
    for (one, shift), seat in seats.items():
        if days[shift] != DAY:
            model.Add(seat == (one in kept[shift]))
    built = time.monotonic() - start
    status, _, bound, wall, found, _ = peer_cpsat.solve(model, seats, 45)
    print(f"## CP-SAT repair of the day: built in {built:.1f} s, {status} in {wall:.1f} s, bound {bound}")
    print("  ", check.evaluate(instance, found, base, CHANGE))


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    sys.path.insert(0, str(folder))
    import check

    try:
        import ortools  # noqa: F401 - only whether it is there
        with_peer = "--ours" not in sys.argv
    except ImportError:
        with_peer = False
    print(f"cores {os.cpu_count()}, load {os.getloadavg()[0]:.1f} before")
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        runs = [(60, 300, 7, 1), (200, 1000, 7, 3), (1000, 5000, 7, 5), (1000, 5000, 7, 30), (1000, 5000, 8, 5)]
        for people, seats, seed, seconds in [*runs, (4000, 20000, 7, 30)]:
            instance, out = work / f"{people}-{seats}-{seed}.json", work / f"{people}-{seed}-{seconds}.json"
            if not instance.exists():
                command = [sys.executable, folder / "generate.py", instance, people, seats, seed]
                subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
            options = ["--seconds", seconds, "--threads", 2, "--out", out]
            timed(f"{people} x {seats}, seed {seed}, {seconds} s", [EXAMPLES / "solve", instance, *options])
            print("  ", check.evaluate(check.load(instance), roster(out)))
        reference = work / "1000-5000-7.json"
        repair(check, work, reference, work / "1000-7-30.json", with_peer)
        if with_peer:
            peers(folder, work, reference)
    print(f"load {os.getloadavg()[0]:.1f} after")


if __name__ == "__main__":
    main()
