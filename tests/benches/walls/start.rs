//! From the start of the program until it answers, and the memory it keeps.

use std::time::Duration;

use matchday_tests::stage::Engine;

use crate::{
    Effort,
    figure::{Target, median, millis, show},
    place::Place,
    write::{Bookings, book, set_up},
};

/// Longest start, in milliseconds.
const READY: f64 = 1000.0;
/// Most memory, in MB.
const RESIDENT: f64 = 100.0;
/// Calls in flight of the write load.
const IN_FLIGHT: usize = 64;

/// Measures and prints.
pub(crate) async fn measure(effort: Effort) {
    println!("  the program with all services, median of {} starts", effort.starts);
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (mut on_empty, mut on_existing) = (Vec::new(), Vec::new());
        for _ in 0..effort.starts {
            let Some(place) = Place::empty(engine).await else {
                break;
            };
            for times in [&mut on_empty, &mut on_existing] {
                let program = place.serve();
                times.push(millis(program.ready_after));
                program.end();
            }
        }
        if on_empty.is_empty() {
            continue;
        }
        show(&format!("{engine:?}: ready on empty data"), median(&on_empty), "ms", Target::AtMost(READY));
        show(
            &format!("{engine:?}: ready on existing data"),
            median(&on_existing),
            "ms",
            Target::AtMost(READY),
        );
        memory(engine, effort.round * 3).await;
    }
}

async fn memory(engine: Engine, lasts: Duration) {
    let place = Place::empty(engine).await.expect("the server answered a moment ago");
    let program = place.serve();
    show(&format!("{engine:?}: resident when ready"), program.resident(), "MB", Target::AtMost(RESIDENT));
    let connect = || place.connection(&program);
    set_up(&connect()).await;
    let rate = book(&Bookings::default(), IN_FLIGHT, connect, lasts).await;
    let name = format!("{engine:?}: resident after {} s of {rate:.0} writes/s", lasts.as_secs());
    show(&name, program.resident(), "MB", Target::AtMost(RESIDENT));
    show(&format!("{engine:?}: the most it had"), program.most_resident(), "MB", Target::None);
    program.end();
}
