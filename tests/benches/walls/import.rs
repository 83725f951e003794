//! Every ticket of a large tournament in one request, and the memory that takes.

use std::time::{Duration, Instant};

use matchday_tests::{clients::Clients, refusal::answered, stage::Engine};
use tonic::Request;

use crate::{
    Effort, crowd,
    figure::{Target, median, show},
    place::Place,
};

/// Imports that are timed, each by a process that has just started.
const IMPORTS: usize = 3;
/// How long one may take before the measurement fails: as long as the services let a call take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Measures and prints.
pub(crate) async fn measure(effort: Effort) {
    println!("  {} tickets in one ImportCredentials, median of {IMPORTS} imports", effort.tickets);
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let mut imports = Vec::new();
        for _ in 0..IMPORTS {
            let Some(place) = Place::empty(engine).await else {
                break;
            };
            imports.push(import(&place, effort.tickets).await);
        }
        if imports.is_empty() {
            continue;
        }
        let figure = |which: fn(&Import) -> f64| median(&imports.iter().map(which).collect::<Vec<_>>());
        show(&format!("{engine:?}: import"), figure(|it| it.seconds), "s", Target::None);
        show(&format!("{engine:?}: resident before"), figure(|it| it.before), "MB", Target::None);
        show(&format!("{engine:?}: resident after"), figure(|it| it.after), "MB", Target::None);
        show(&format!("{engine:?}: the most it had"), figure(|it| it.most), "MB", Target::None);
    }
}

/// What one import took, and the memory of the process in MB.
struct Import {
    seconds: f64,
    before: f64,
    after: f64,
    most: f64,
}

async fn import(place: &Place, tickets: usize) -> Import {
    let program = place.serve();
    let peer = place.connection(&program);
    let mut clients = Clients::new(|_| peer.clone());
    crowd::announce(&mut clients).await;
    let mut request = Request::new(crowd::tickets(0..tickets));
    request.set_timeout(PATIENCE);
    let before = program.resident();
    let begun = Instant::now();
    answered(clients.credentials.import_credentials(request).await);
    let seconds = begun.elapsed().as_secs_f64();
    let import = Import { seconds, before, after: program.resident(), most: program.most_resident() };
    program.end();
    import
}
