//! The engine and a peer, CP-SAT, are asked about the same tournament, and each is shown what the other found. Where
//! the peer is not there this is said, and nothing is compared.

mod peer;

use std::ops::ControlFlow;

use matchday_timetable::{
    check::check,
    model::Instance,
    outcome::{Budget, Outcome},
    solve::solve,
    validate::validate,
};

const BUDGET: Budget = Budget { seed: 1, conflicts: 20_000, rounds: 200 };
/// What both prove.
const BEST: i64 = 1272;

fn best(instance: &Instance) -> matchday_timetable::outcome::Found {
    assert_eq!(validate(instance), []);
    match solve(instance, BUDGET, &mut |_| ControlFlow::Continue(())) {
        Outcome::Optimal(found) => found,
        outcome => panic!("{outcome:?}"),
    }
}

#[test]
fn the_engine_and_the_peer_prove_the_same_best_and_accept_each_other() -> Result<(), String> {
    let mut instance = peer::instance("peer48-feasible")?;
    let found = best(&instance);
    assert_eq!(found.cost, BEST);
    let report = check(&instance, &found.timetable);
    assert_eq!((report.hard, report.cost), (0, BEST));
    let peer = match peer::Peer::find() {
        Ok(peer) => peer,
        Err(word) => {
            eprintln!("{word}");
            return Ok(());
        }
    };
    let ours = peer.ask(&["cost", "2775", &peer::places(&instance, &found.timetable)])?;
    assert_eq!((&*ours.status, ours.cost), ("OPTIMAL", Some(BEST)));
    let theirs = peer.ask(&["solve", "2775", "120"])?;
    assert_eq!((&*theirs.status, theirs.cost), ("OPTIMAL", Some(BEST)));
    assert!(theirs.first.is_some_and(|first| first <= theirs.seconds), "{theirs:?}");
    let places = theirs.timetable(&instance).ok_or("the peer's timetable has other slots")?.places;
    // Theirs names no crews: ours appoints them to where theirs stands.
    for (game, place) in instance.matches.iter_mut().zip(places) {
        game.pinned = Some(place);
    }
    assert_eq!(best(&instance).cost, BEST);
    Ok(())
}
