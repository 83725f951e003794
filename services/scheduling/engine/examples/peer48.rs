//! Writes the two tournaments of 48 matches that the engine is measured on: the problem that
//! `../shared/tools/timetable/peer_cpsat.py` solves, in its order and with its names.
//!
//! ```text
//! cargo run -p matchday-timetable --example peer48 -- services/scheduling/engine/instances
//! ```

use std::{env, error::Error, fs, path::Path};

use matchday_timetable::model::{
    Day, Ease, Instance, Kind, Match, Minute, Official, Pitch, Relaxation, Rule, Scope, Severity, Side, Span,
    Team,
};

const DAY: Minute = 1440;
/// Days with matches; the one after them is in reserve.
const DAYS: Minute = 11;
const SLOTS: [Minute; 5] = [600, 750, 900, 1050, 1200];
const LENGTH: Minute = 105;
const TURNAROUND: Minute = 30;
const HOURS_48: Minute = 48 * 60;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("say where the files go: services/scheduling/engine/instances")?;
    for (name, rest) in
        [("peer48-feasible", Kind::RestKickOff(HOURS_48)), ("peer48-infeasible", Kind::RestWhistle(HOURS_48))]
    {
        let path = Path::new(&folder).join(format!("{name}.json"));
        fs::write(path, text(&tournament(name, &rest))?)?;
    }
    Ok(())
}

/// The file: one line for each thing in a list.
fn text(instance: &Instance) -> Result<String, serde_json::Error> {
    const ORDER: [&str; 14] = [
        "name",
        "days",
        "end",
        "kick_offs",
        "teams",
        "pitches",
        "warm_up_areas",
        "matches",
        "cancelled",
        "fixed",
        "officials",
        "rules",
        "ladder",
        "",
    ];
    let value = serde_json::to_value(instance)?;
    let mut fields = Vec::new();
    for key in ORDER {
        match value.get(key) {
            Some(serde_json::Value::Array(items)) if items.iter().any(serde_json::Value::is_object) => {
                let lines: Vec<String> = items.iter().map(|item| format!("    {item}")).collect();
                fields.push(format!("  \"{key}\": [\n{}\n  ]", lines.join(",\n")));
            }
            Some(serde_json::Value::Array(items)) if items.is_empty() => {}
            Some(value) => fields.push(format!("  \"{key}\": {value}")),
            None => {}
        }
    }
    Ok(format!("{{\n{}\n}}\n", fields.join(",\n")))
}

fn tournament(name: &str, rest: &Kind) -> Instance {
    let mut matches = Bracket::default();
    matches.groups();
    matches.men();
    matches.women();
    let teams = teams();
    Instance {
        name: name.to_owned(),
        days: (0..=DAYS).map(|day| Day { label: format!("day {}", day + 1), start: day * DAY }).collect(),
        end: (DAYS + 1) * DAY,
        kick_offs: (0..DAYS).flat_map(|day| SLOTS.map(|slot| day * DAY + slot)).collect(),
        pitches: vec![
            pitch("main", DAYS, 5),
            // No floodlights.
            pitch("second", DAYS, 4),
            pitch("third", 9, 5),
            pitch("fourth", 7, 4),
            Pitch { reserve: true, ..pitch("reserve", DAYS, 5) },
        ],
        officials: (0..12)
            .map(|crew| Official {
                id: format!("crew-{crew}"),
                country: String::new(),
                conflicts: vec![crew],
                away: Vec::new(),
            })
            .collect(),
        rules: rules(rest, &matches.list),
        ladder: ladder(rest),
        matches: matches.list,
        teams,
        ..Instance::default()
    }
}

/// Men first, as the peer sorts them: its crews are neutral towards the first twelve.
fn teams() -> Vec<Team> {
    let team = |competition: &str, id: String| Team {
        id,
        competition: competition.to_owned(),
        country: String::new(),
        people: 30,
        travel: Vec::new(),
    };
    let men =
        ["A", "B", "C", "D"].into_iter().flat_map(|group| (0..3).map(move |one| format!("M{group}{one}")));
    let women = ["E", "F"].into_iter().flat_map(|group| (0..4).map(move |one| format!("W{group}{one}")));
    men.map(|id| team("men", id)).chain(women.map(|id| team("women", id))).collect()
}

/// A pitch that is open on the first days, for the first kick-offs of each.
fn pitch(id: &str, days: Minute, slots: usize) -> Pitch {
    let open = |day: Minute| Span {
        start: day * DAY + SLOTS[0],
        end: day * DAY + SLOTS[slots - 1] + LENGTH + TURNAROUND,
    };
    Pitch {
        id: id.to_owned(),
        venue: id.to_owned(),
        site: "park".to_owned(),
        open: (0..days).map(open).collect(),
        closed: Vec::new(),
        surface: String::new(),
        capacity: 0,
        floodlit: slots == SLOTS.len(),
        reserve: false,
        warm_up_area: None,
    }
}

#[derive(Default)]
struct Bracket {
    list: Vec<Match>,
}

impl Bracket {
    fn add(&mut self, competition: &str, stage: &str, id: &str, sides: [Side; 2], crowd: u32) -> usize {
        self.list.push(Match {
            id: id.to_owned(),
            competition: competition.to_owned(),
            stage: stage.to_owned(),
            group: String::new(),
            round: 0,
            sides,
            length: LENGTH,
            set_up: 0,
            occupied: LENGTH + TURNAROUND,
            crowd,
            people: 20 + 100 * crowd,
            kick_offs: None,
            pitches: None,
            pinned: None,
            appointed: Vec::new(),
            crews: 1,
        });
        self.list.len() - 1
    }

    fn groups(&mut self) {
        const OF_THREE: [(usize, usize); 3] = [(0, 1), (1, 2), (0, 2)];
        const OF_FOUR: [(usize, usize); 6] = [(0, 1), (2, 3), (0, 2), (1, 3), (0, 3), (1, 2)];
        for (group, first) in ["A", "B", "C", "D"].into_iter().zip((0..).step_by(3)) {
            self.group("men", group, first, &OF_THREE, 1, 3);
        }
        for (group, first) in ["E", "F"].into_iter().zip((12..).step_by(4)) {
            self.group("women", group, first, &OF_FOUR, 2, 2);
        }
    }

    /// A round robin; `at_once` matches make a round.
    fn group(
        &mut self,
        competition: &str,
        group: &str,
        first: usize,
        pairs: &[(usize, usize)],
        at_once: usize,
        crowd: u32,
    ) {
        for (number, (home, away)) in pairs.iter().enumerate() {
            let sides = [Side::Team(first + home), Side::Team(first + away)];
            let index = self.add(competition, "group", &format!("{group}{number}"), sides, crowd);
            group.clone_into(&mut self.list[index].group);
            self.list[index].round = u32::try_from(number / at_once + 1).unwrap_or(u32::MAX);
        }
    }

    fn rank(&self, group: &str, rank: u32) -> Side {
        Side::Rank { of: self.list.iter().position(|game| game.group == group).unwrap_or(usize::MAX), rank }
    }

    fn men(&mut self) {
        let rank =
            |of: &Self, one: (&str, u32), two: (&str, u32)| [of.rank(one.0, one.1), of.rank(two.0, two.1)];
        let quarters = [
            ("QF1", ("A", 1), ("B", 2)),
            ("QF2", ("B", 1), ("A", 2)),
            ("QF3", ("C", 1), ("D", 2)),
            ("QF4", ("D", 1), ("C", 2)),
        ]
        .map(|(id, one, two)| {
            let sides = rank(self, one, two);
            self.add("men", "quarter-final", id, sides, 5)
        });
        let thirds = [("9-12a", ("A", 3), ("B", 3)), ("9-12b", ("C", 3), ("D", 3))].map(|(id, one, two)| {
            let sides = rank(self, one, two);
            self.add("men", "placement", id, sides, 1)
        });
        let (one, two) = ([quarters[0], quarters[2]], [quarters[1], quarters[3]]);
        let semis = [
            self.add("men", "semi-final", "SF1", one.map(Side::Winner), 8),
            self.add("men", "semi-final", "SF2", two.map(Side::Winner), 8),
        ];
        let others = [
            self.add("men", "placement", "5-8a", one.map(Side::Loser), 2),
            self.add("men", "placement", "5-8b", two.map(Side::Loser), 2),
        ];
        self.add("men", "placement", "M7-8", others.map(Side::Loser), 1);
        self.add("men", "placement", "M5-6", others.map(Side::Winner), 2);
        self.add("men", "placement", "M11-12", thirds.map(Side::Loser), 1);
        self.add("men", "placement", "M9-10", thirds.map(Side::Winner), 1);
        self.add("men", "bronze", "Mbronze", semis.map(Side::Loser), 8);
        self.add("men", "final", "Mfinal", semis.map(Side::Winner), 10);
    }

    fn women(&mut self) {
        let pair = |of: &Self, e: u32, f: u32| [of.rank("E", e), of.rank("F", f)];
        let (one, two) = (pair(self, 1, 2), pair(self, 2, 1));
        let semis = [
            self.add("women", "semi-final", "WSF1", one, 7),
            self.add("women", "semi-final", "WSF2", two, 7),
        ];
        let (one, two) = (pair(self, 3, 4), pair(self, 4, 3));
        let others = [
            self.add("women", "placement", "W5-8a", one, 1),
            self.add("women", "placement", "W5-8b", two, 1),
        ];
        self.add("women", "placement", "W7-8", others.map(Side::Loser), 1);
        self.add("women", "placement", "W5-6", others.map(Side::Winner), 1);
        self.add("women", "bronze", "Wbronze", semis.map(Side::Loser), 6);
        self.add("women", "final", "Wfinal", semis.map(Side::Winner), 9);
    }
}

/// What the peer states as constraints, and its objective as soft rules.
fn rules(rest: &Kind, matches: &[Match]) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut add = |id: &str, kind: Kind, severity: Severity, scope: Scope| {
        let source = "peer_cpsat.py".to_owned();
        rules.push(Rule { id: id.to_owned(), kind, severity, scope, source, assumed: true });
    };
    let all = Scope::default;
    let of = |ids: &[&str]| Scope { matches: ids.iter().map(|id| (*id).to_owned()).collect(), ..all() };
    let at = |ids: &[&str]| Scope { places: ids.iter().map(|id| (*id).to_owned()).collect(), ..all() };
    let these = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let hard = Severity::Hard;
    add("rest", rest.clone(), hard, all());
    add("last-group-matches", Kind::LastGroupMatchesTogether, hard, all());
    add("last-of-a-and-b", Kind::Together(these(&["A2", "B2"])), hard, all());
    add("last-of-c-and-d", Kind::Together(these(&["C2", "D2"])), hard, all());
    for game in matches.iter().filter(|game| game.stage == "group") {
        let last = format!("{}{}", game.group, if game.competition == "men" { 2 } else { 4 });
        // The other last match of a group of four starts together with it.
        if game.id < last {
            let id = format!("last-after-{}", game.id.to_lowercase());
            add(&id, Kind::InOrder(vec![game.id.clone(), last]), hard, all());
        }
    }
    add("main-pitch-4", Kind::MatchesPerPitchAndDay(4), hard, at(&["main"]));
    add("pitch-3", Kind::MatchesPerPitchAndDay(3), hard, at(&["second", "third", "fourth", "reserve"]));
    add("crowd-12", Kind::CrowdAtOnce(12), hard, all());
    add("men-bronze-first", Kind::InOrder(these(&["Mbronze", "Mfinal"])), hard, all());
    add("women-bronze-first", Kind::InOrder(these(&["Wbronze", "Wfinal"])), hard, all());
    let finals = of(&["Mbronze", "Mfinal", "Wbronze", "Wfinal"]);
    add("finals-on-main", Kind::OnPitches(vec![0]), hard, finals);
    add("men-final-day", Kind::OnDays(vec![10]), hard, of(&["Mfinal"]));
    add("men-final-prime", Kind::KickOffWithin { from: 1050, until: 1439 }, hard, of(&["Mfinal"]));
    add("women-final-day", Kind::OnDays(vec![9, 10]), hard, of(&["Wfinal"]));
    add("crew-1-a-day", Kind::OfficialMatchesPerDay(1), hard, all());
    add("crew-6", Kind::OfficialMatches(6), hard, all());
    add("crew-neutral", Kind::OfficialNeutral, hard, all());
    let soft = |weight| Severity::Soft { weight };
    add("equal-rest", Kind::EqualRest, soft(1), all());
    add("prime", Kind::CrowdWithin { from: 1050, until: 1439, crowd: 5 }, soft(24), all());
    add("not-early", Kind::KickOffWithin { from: 601, until: 1439 }, soft(15), all());
    rules
}

/// What could give way when nothing is feasible.
fn ladder(rest: &Kind) -> Vec<Relaxation> {
    let step = |title: &str, changes| Relaxation { title: title.to_owned(), changes };
    let rule = |kind| Ease::Rule { id: "rest".to_owned(), kind };
    let shorter = match rest {
        Kind::RestWhistle(_) => Kind::RestWhistle(44 * 60),
        _ => Kind::RestKickOff(44 * 60),
    };
    let early = 450;
    let mut one_more = vec![Ease::KickOffs((0..DAYS).map(|day| day * DAY + early).collect())];
    one_more.extend((0..DAYS).map(|day| Ease::Open {
        pitch: 0,
        span: Span { start: day * DAY + early, end: day * DAY + SLOTS[4] + LENGTH + TURNAROUND },
    }));
    let mut reserve_day = vec![
        Ease::KickOffs(SLOTS.map(|slot| DAYS * DAY + slot).to_vec()),
        Ease::Rule { id: "men-final-day".to_owned(), kind: Kind::OnDays(vec![10, 11]) },
        Ease::Rule { id: "women-final-day".to_owned(), kind: Kind::OnDays(vec![9, 10, 11]) },
    ];
    reserve_day.extend([0, 1].map(|pitch| Ease::Open {
        pitch,
        span: Span { start: DAYS * DAY + SLOTS[0], end: DAYS * DAY + SLOTS[4] + LENGTH + TURNAROUND },
    }));
    vec![
        step("44 h of rest in place of 48 h", vec![rule(shorter)]),
        step("one calendar day between two matches of a team", vec![rule(Kind::RestCalendarDays(1))]),
        step("one more kick-off a day on the main pitch, at 07:30", one_more),
        step("the reserve pitch", vec![Ease::Reserve(4)]),
        step("the reserve day, day 12", reserve_day),
    ]
}
