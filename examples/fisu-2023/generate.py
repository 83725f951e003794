#!/usr/bin/env python3
"""Writes volunteers.csv, groups.csv and credentials.csv beside itself: people and tickets that nobody is or holds.

Every run writes the same files. Needs Python 3.8 or newer and nothing else: `python3 generate.py`.
"""

import csv
import pathlib
import random

HERE = pathlib.Path(__file__).resolve().parent
DAYS = range(20, 32)  # of October 2023: from the day before the opening to the last day
SATURDAYS_AND_SUNDAYS = (21, 22, 28, 29)

# Of each group: how many come, and when its timetable lets them.
GROUPS = [
    (48, "always"), (46, "always"), (44, "always"), (40, "always"), (40, "always"),
    (40, "afternoons"), (38, "afternoons"), (36, "afternoons"), (34, "weekends and evenings"), (30, "first half"),
]
# Of a thousand volunteers, how many have a skill or speak a language.
SKILLS = [("first-aid", 170), ("driving", 60), ("protocol", 120), ("it-support", 110), ("media", 130)]
LANGUAGES = [("en", 640), ("es", 40), ("pt", 30), ("fr", 40), ("ja", 60), ("ko", 40), ("ru", 20)]
# Who speaks Spanish and knows first aid, fewer than the opening session asks for, and when that day they can come.
SPANISH_FIRST_AID = {12: [(21, "16:40", "25:00")], 187: [(21, "16:40", "25:00")], 355: []}

STANDS = ["main-stand", "north-stand", "east-stand", "south-stand"]
# Of other sessions, how many tickets. All of these are samples, not attendances.
OTHER_SESSIONS = [("oct-22-stadium", 60), ("oct-24-stadium", 60), ("womens-final", 60), ("mens-final", 60)]


def at(day, clock):
    """A local time; a day may be the 32nd, and an hour the 25th."""
    hour, minute = map(int, clock.split(":"))
    day, hour = day + hour // 24, hour % 24
    return f"2023-{10 + day // 32}-{(day - 1) % 31 + 1:02} {hour:02}:{minute:02}"


def whole_day(day):
    """From six in the morning to one in the night."""
    return (day, "6:00", "25:00")


def timetable(rule, dice):
    """When a volunteer can come, as (day, from, until); None means always."""
    if rule == "always":
        # some have one day of examinations
        if dice.random() >= 0.15:
            return None
        away = 23 + int(dice.random() * 5)
        return [whole_day(day) for day in DAYS if day != away]
    if rule == "first half":
        return [whole_day(day) for day in DAYS if day <= 26]
    begin = "13:00" if rule == "afternoons" else "17:00"
    return [whole_day(day) if day in SATURDAYS_AND_SUNDAYS else (day, begin, "25:00") for day in DAYS]


def volunteers(dice):
    """The volunteers, group by group; the first of a group leads it."""
    number = 0
    for group, (size, rule) in enumerate(GROUPS, start=1):
        for place in range(size):
            number += 1
            languages = ["zh"] + [name for name, of in LANGUAGES if dice.random() * 1000 < of]
            skills = [name for name, of in SKILLS if dice.random() * 1000 < of]
            times = timetable(rule, dice)
            if number in SPANISH_FIRST_AID:
                languages, skills = ["zh", "en", "es"], ["first-aid"]
                times = SPANISH_FIRST_AID[number] + [whole_day(day) for day in DAYS if day != 21]
                times.sort()
            elif "es" in languages and "first-aid" in skills:
                skills.remove("first-aid")
            yield {
                "id": f"v{number:03}",
                "display_name": f"Volunteer {number:03} 志愿者",
                "group": f"university-{group}",
                "skills": " ".join(skills),
                "languages": " ".join(languages),
                "available": ";".join(f"{at(day, a)}/{at(day, b)}" for day, a, b in times or []),
                "leads": place == 0,
            }


def credentials(dice):
    """Tickets of the sessions, passes and the cards of staff."""
    sold = [("opening", 1500), *OTHER_SESSIONS]
    tickets = [session for session, count in sold for _ in range(count)]
    for number, session in enumerate(tickets, start=1):
        stands = ["jinjiang/stadium/" + STANDS[int(dice.random() * len(STANDS))]]
        if session == "mens-final":
            stands = ["jinjiang/park-stadium/main-stand"]
        yield (f"t-{number:06}", "ticket", session, " ".join(stands))
    for number in range(1, 81):
        media = "jinjiang/stadium/media-room jinjiang/stadium/main-stand jinjiang/park-stadium/main-stand"
        yield (f"p-{number:04}", "pass", "", media if number > 30 else "")
    for number in range(1, 451):
        yield (f"s-{number:04}", "staff", "", "")


def write(name, header, rows):
    with open(HERE / name, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def main():
    dice = random.Random("fisu-2023")
    people = list(volunteers(dice))
    header = ["id", "display_name", "group", "skills", "languages", "available"]
    write("volunteers.csv", header, [[person[field] for field in header] for person in people])
    leaders = [person for person in people if person["leads"]]
    names = [f"University group {n} (generated) 大学志愿者团队{n}" for n in range(1, len(leaders) + 1)]
    write("groups.csv", ["id", "display_name", "leader"],
          [[leader["group"], name, leader["id"]] for leader, name in zip(leaders, names)])
    write("credentials.csv", ["code", "kind", "sessions", "zones"], credentials(dice))


if __name__ == "__main__":
    main()
