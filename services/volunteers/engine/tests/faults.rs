//! Bad input is refused with what is wrong and what to do.

use matchday_roster::check::check;
use matchday_roster::model::{
    Burden, Group, Instance, Kind, Qualification, Roster, Rule, Severity, Shift, Span, Volunteer,
};
use matchday_roster::validate::{Code, MOST_COST, MOST_THINGS, validate};

fn instance() -> Instance {
    Instance {
        days: vec![0, 1_440],
        places: vec!["stadium".into()],
        skills: vec!["driving".into()],
        posts: vec!["gate".into()],
        groups: vec![Group { id: "g".into(), leader: Some(0), bus: None, classes: vec![] }],
        volunteers: vec![Volunteer {
            id: "lin".into(),
            available: vec![Span { start: 0, end: 2_880 }],
            group: Some(0),
            ..Volunteer::default()
        }],
        shifts: vec![Shift {
            id: "s1".into(),
            post: 0,
            place: 0,
            span: Span { start: 540, end: 780 },
            headcount: 1,
            unit_headcount: 2,
            skills: vec![],
            languages: vec![],
            priority: 100,
        }],
        rules: vec![Rule { id: "rest".into(), kind: Kind::Rest(660), severity: Severity::Hard }],
        ..Instance::default()
    }
}

/// The one fault of the instance, changed.
fn fault(change: impl FnOnce(&mut Instance)) -> (Code, String) {
    let mut changed = instance();
    change(&mut changed);
    let faults = validate(&changed);
    assert_eq!(faults.len(), 1, "{faults:?}");
    (faults[0].code, faults[0].to_string())
}

#[test]
fn faults_are_named_with_their_numbers() {
    assert_eq!(validate(&instance()), vec![]);
    let (code, what) = fault(|one| one.shifts[0].span = Span { start: 780, end: 540 });
    assert_eq!(code, Code::Time);
    assert_eq!(what, "shift s1 has a time that ends at minute 540, not after its start at 780");
    let (code, what) = fault(|one| one.volunteers[0].skills = vec![Qualification { skill: 3, valid: None }]);
    assert_eq!(
        (code, what.as_str()),
        (Code::Unknown, "volunteer lin names skill 3, and there are 1, counted from 0")
    );
    let (code, what) = fault(|one| one.shifts.push(one.shifts[0].clone()));
    assert_eq!((code, what.as_str()), (Code::Duplicate, "two shifts have the id s1: give each its own"));
    assert_eq!(fault(|one| one.volunteers[0].declined = vec![1]).0, Code::Unknown);
    assert_eq!(fault(|one| one.shifts[0].priority = -1).0, Code::Rule);
    assert_eq!(fault(|one| one.shifts[0].priority = MOST_COST + 1).0, Code::Size);
    assert_eq!(fault(|one| one.shifts[0].span = Span { start: -60, end: 60 }).0, Code::Time);
    assert_eq!(fault(|one| one.days = vec![]).0, Code::Days);
    assert_eq!(fault(|one| one.days = vec![0, 0]).0, Code::Days);
    assert_eq!(fault(|one| one.volunteers[0].group = None).0, Code::Leader);
    assert_eq!(fault(|one| one.travel = vec![vec![0, 1]]).0, Code::Ways);
    assert_eq!(fault(|one| one.posts = vec![String::new(); MOST_THINGS + 1]).0, Code::Size);
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    let with = |kind, severity| fault(|one| one.rules[0] = Rule { id: "r".into(), kind, severity });
    let (code, what) = with(Kind::PreferredPlace, Severity::Hard);
    assert_eq!((code, what.as_str()), (Code::Rule, "rule r is a wish and cannot be hard: give it a weight"));
    assert_eq!(with(Kind::Rest(-1), Severity::Hard).0, Code::Rule);
    assert_eq!(with(Kind::Rest(1), Severity::Soft { weight: -1 }).0, Code::Rule);
    let night = Span { start: 1_320, end: 3_000 };
    assert_eq!(with(Kind::Share { of: Burden::Nights(night), most: 1 }, Severity::Hard).0, Code::Time);
    assert_eq!(with(Kind::Share { of: Burden::Days(vec![2]), most: 1 }, Severity::Hard).0, Code::Unknown);
    assert_eq!(with(Kind::Among { skill: 0, from: 0 }, Severity::Soft { weight: 1 }).0, Code::Rule);
}

#[test]
fn a_roster_of_another_shape_is_judged_by_its_shape_alone() {
    for crews in [vec![], vec![vec![0, 0]], vec![vec![7]]] {
        let report = check(&instance(), &Roster { crews });
        assert_eq!((report.hard, report.rules.len()), (1, 1));
        assert_eq!(report.rules[0].rule, "always-shape");
    }
    let filled = check(&instance(), &Roster { crews: vec![vec![0]] });
    assert_eq!((filled.hard, filled.cost, filled.covered, filled.wanted), (0, 0, 3, 3));
}
