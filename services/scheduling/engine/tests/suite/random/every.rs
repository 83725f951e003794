//! Every timetable of a small tournament.

use matchday_timetable::check::{Report, check};
use matchday_timetable::model::{Instance, Place, Timetable};

/// Most timetables that are gone through.
const MOST: usize = 1_300;

/// Every way to place the matches and appoint officials; `None` when there are more than [`MOST`].
pub(crate) fn all(instance: &Instance) -> Option<Vec<Timetable>> {
    let places = |index: usize| -> Vec<Place> {
        let game = &instance.matches[index];
        if instance.cancelled.contains(&index) {
            return vec![Place { start: 0, pitch: 0 }];
        }
        if let Some(place) = game.pinned {
            return vec![place];
        }
        let kick_offs = game.kick_offs.as_ref().unwrap_or(&instance.kick_offs);
        let pitches = 0..instance.pitches.len();
        kick_offs.iter().flat_map(|&start| pitches.clone().map(move |pitch| Place { start, pitch })).collect()
    };
    let officials = |index: usize| -> Vec<Vec<usize>> {
        let game = &instance.matches[index];
        if game.crews == 0 || instance.cancelled.contains(&index) {
            vec![Vec::new()]
        } else if game.appointed.is_empty() {
            (0..instance.officials.len()).map(|official| vec![official]).collect()
        } else {
            vec![game.appointed.clone()]
        }
    };
    let mut all = vec![Timetable::default()];
    for index in 0..instance.matches.len() {
        let (places, officials) = (places(index), officials(index));
        if all.len() * places.len() * officials.len() > MOST {
            return None;
        }
        let mut next = Vec::new();
        for timetable in &all {
            for place in &places {
                for crew in &officials {
                    let mut timetable = timetable.clone();
                    timetable.places.push(*place);
                    timetable.officials.push(crew.clone());
                    next.push(timetable);
                }
            }
        }
        all = next;
    }
    Some(all)
}

/// The cheapest of all timetables, as the checker judges; `None` when it finds none that holds what must hold.
pub(crate) fn cheapest(instance: &Instance, all: &[Timetable]) -> Option<i64> {
    let reports = all.iter().map(|timetable| check(instance, timetable));
    reports.filter(Report::is_clean).map(|report| report.cost).min()
}
