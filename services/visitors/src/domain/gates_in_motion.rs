//! Properties over whole evenings: scans in any order, phases and clears between them.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    course::{
        Phase,
        tests::{at, times},
    },
    entry::Entry,
    occupancy::{Admission, Occupancy},
    opening::{Opening, tests::opening},
    scan::{Credential, CredentialState, Direction, Identity, Place, Reading, decide},
    verdict::Verdict,
};

const GATE: &str = "sites/s/venues/v/gates/north";
const ZONE: &str = "sites/s/venues/v/zones/north-stand";

/// One thing that happens at the gates.
#[derive(Clone, Debug)]
enum Step {
    Scan { device: u8, sequence: i64, code: u8, direction: Direction },
    Wait(i64),
    Advance(Phase),
    Delay(i64),
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    let direction = prop_oneof![Just(Direction::Entry), Just(Direction::Exit)];
    let phase = prop_oneof![Just(Phase::Open), Just(Phase::ExitOnly), Just(Phase::FreeEgress)];
    prop_oneof![
        20 => (0u8..3, 1i64..20, 0u8..6, direction)
            .prop_map(|(device, sequence, code, direction)| Step::Scan { device, sequence, code, direction }),
        3 => (0i64..20).prop_map(Step::Wait),
        1 => phase.prop_map(Step::Advance),
        1 => (0i64..60).prop_map(Step::Delay),
        1 => Just(Step::Clear),
    ]
}

/// What is kept of an evening: the scans by their key, and the admissions.
struct Evening {
    opening: Opening,
    minute: i64,
    scans: BTreeMap<(u8, i64), (Reading, Verdict)>,
    admissions: Vec<(u8, Admission)>,
}

impl Evening {
    fn is_inside(&self, code: u8) -> bool {
        self.admissions.iter().any(|(inside, state)| *inside == code && *state == Admission::Open)
    }

    /// The decision on a scan, as it is kept; `None` when its key belongs to another one.
    fn scan(&mut self, key: (u8, i64), code: u8, direction: Direction) -> Option<Verdict> {
        let reading = Reading {
            opening: self.opening.name.clone(),
            code: code.to_string(),
            direction,
            device_time: None,
            identity: Identity::Unchecked,
        };
        if let Some((stored, verdict)) = self.scans.get(&key) {
            return stored.difference(&reading).is_none().then_some(*verdict);
        }
        // code 5 is nobody's, code 4 is good for another session
        let sessions = if code == 4 { vec!["tournaments/t/sessions/s2".into()] } else { vec![] };
        let credential = (code < 5).then_some(Credential {
            is_public: code < 2,
            state: CredentialState::Valid,
            is_used_up: false,
            sessions,
            zones: vec![],
        });
        let entry = Entry::default();
        let place = Place {
            is_device_revoked: false,
            gate: GATE,
            zone: ZONE,
            opening: &self.opening,
            is_identity_checked: false,
            entry,
        };
        let (is_inside, now) = (self.is_inside(code), at(self.minute));
        let verdict = decide(place, credential.as_ref(), is_inside, direction, Identity::Unchecked, now);
        match verdict {
            Verdict::Admitted => self.admissions.push((code, Admission::Open)),
            Verdict::Left => self.close(Admission::Left, |inside| inside == code),
            _ => {}
        }
        self.scans.insert(key, (reading, verdict));
        Some(verdict)
    }

    fn close(&mut self, state: Admission, whose: impl Fn(u8) -> bool) {
        for admission in &mut self.admissions {
            if admission.1 == Admission::Open && whose(admission.0) {
                admission.1 = state;
            }
        }
    }

    fn occupancy(&self) -> Occupancy {
        let count =
            |occupancy: Occupancy, (code, state): &(u8, Admission)| occupancy.and(*state, *code < 2, 1);
        self.admissions.iter().fold(Occupancy::default(), count)
    }
}

proptest! {
    /// A credential has at most one open admission, people are conserved, and a key has one decision.
    #[test]
    fn nobody_is_inside_twice_and_nobody_is_lost(steps in prop::collection::vec(step(), 1..200)) {
        let mut evening =
            Evening { opening: opening(30), minute: 0, scans: BTreeMap::new(), admissions: vec![] };
        let mut cleared = 0;
        for step in steps {
            match step {
                Step::Scan { device, sequence, code, direction } => {
                    let verdict = evening.scan((device, sequence), code, direction);
                    let again = evening.scan((device, sequence), code, direction);
                    prop_assert_eq!(verdict, again);
                }
                Step::Wait(minutes) => evening.minute += minutes,
                Step::Advance(phase) => {
                    let course = evening.opening.course;
                    evening.opening.course = course.advance(phase, at(evening.minute)).unwrap_or(course);
                }
                Step::Delay(minutes) => {
                    let course = evening.opening.course;
                    evening.opening.course = course.follow(times(30 + minutes), at(evening.minute));
                }
                Step::Clear => if let Ok(course) = evening.opening.course.clear(at(evening.minute)) {
                    evening.opening.course = course;
                    cleared += evening.occupancy().everyone;
                    evening.close(Admission::Cleared, |_| true);
                    prop_assert_eq!(evening.occupancy().everyone, 0);
                },
            }
            let occupancy = evening.occupancy();
            for code in 0..6 {
                let open = evening.admissions.iter().filter(|one| **one == (code, Admission::Open)).count();
                prop_assert!(open <= 1 && (code < 4 || open == 0));
            }
            let verdicts = |wanted| evening.scans.values().filter(|(_, verdict)| *verdict == wanted).count();
            prop_assert_eq!(usize::try_from(occupancy.entries), Ok(verdicts(Verdict::Admitted)));
            prop_assert_eq!(usize::try_from(occupancy.exits), Ok(verdicts(Verdict::Left)));
            prop_assert_eq!(occupancy.everyone, occupancy.entries - occupancy.exits - cleared);
            prop_assert!(0 <= occupancy.public && occupancy.public <= occupancy.everyone);
        }
    }
}
