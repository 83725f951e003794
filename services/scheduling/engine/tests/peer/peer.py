"""The peer's side of comparisons: CP-SAT on the model of `peer_cpsat.py`, which is imported from where it is kept.

    peer.py FOLDER solve REST SECONDS           solves; REST is minutes from the whistle to the next kick-off
    peer.py FOLDER cost REST PLACES             what the peer's model says of a timetable
    peer.py FOLDER repair CASE SECONDS PLACES   repairs a timetable with REST 2775; CASE is pitch, rain or day

FOLDER holds peer_cpsat.py. PLACES is a JSON list of [slot, pitch], one for each match in the peer's order. Prints one
line of JSON; seconds are the solver's own, without the time in which Python states the model. Needs ortools; ends with
3 where it is not there.
"""

import json
import sys

BLOCKED = {
    "pitch": [(0, slot) for slot in range(20, 25)],
    "rain": [(pitch, slot) for pitch in range(4) for slot in range(22, 25)],
    "day": [(pitch, slot) for pitch in range(4) for slot in range(20, 25)],
}


def answer(peer, built, seconds, hint=None):
    model, x, _, matches = built
    status, solver, history, found = peer.solve(model, x, seconds, hint=hint)
    return {
        "status": status,
        "cost": round(solver.ObjectiveValue()) if found else None,
        "first": round(history[0][0], 3) if history else None,
        "seconds": round(solver.WallTime(), 3),
        "places": [found[match["id"]] for match in matches] if found else None,
    }


def main(folder, what, *rest):
    sys.path.insert(0, folder)
    try:
        import peer_cpsat as peer
    except ImportError as error:
        print(error, file=sys.stderr)
        return 3
    if what == "solve":
        result = answer(peer, peer.build(rest=int(rest[0])), float(rest[1]))
    elif what == "cost":
        built = peer.build(rest=int(rest[0]))
        model, x, _, matches = built
        places = dict(enumerate(tuple(place) for place in json.loads(rest[1])))
        absent = [index for index, place in places.items() if (index, *place) not in x]
        for key, variable in x.items():
            model.Add(variable == (places[key[0]] == key[1:]))
        if absent:
            result = {"status": f"{matches[absent[0]]['name']} may not stand there", "cost": None}
        else:
            result = answer(peer, built, 60.0)
    else:
        places = dict(enumerate(tuple(place) for place in json.loads(rest[2])))
        blocked = frozenset(BLOCKED[rest[0]])
        built = peer.build(pub=places, blocked=blocked, frozen_before=20, rest=2775)
        result = answer(peer, built, float(rest[1]), hint=places)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
