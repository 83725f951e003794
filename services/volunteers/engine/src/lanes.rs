//! Work that is dealt into lanes. Threads decide how many lanes run at once, never what comes out.

/// People from which on work is dealt.
const MANY: usize = 300;
/// Lanes of much work.
const LANES: usize = 4;

/// How many lanes so many people are dealt into.
pub(crate) fn count(people: usize) -> usize {
    if people < MANY { 1 } else { LANES }
}

/// Does the same work in each lane; results come in the order of the lanes.
pub(crate) fn each<T: Send, R: Send>(lanes: Vec<T>, threads: usize, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    if threads < 2 || lanes.len() < 2 {
        return lanes.into_iter().map(work).collect();
    }
    let mut shares: Vec<Vec<T>> = Vec::new();
    let of_each = lanes.len().div_ceil(threads);
    for lane in lanes {
        match shares.last_mut() {
            Some(share) if share.len() < of_each => share.push(lane),
            _ => shares.push(vec![lane]),
        }
    }
    std::thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = shares
            .into_iter()
            .map(|share| scope.spawn(move || share.into_iter().map(work).collect::<Vec<R>>()))
            .collect();
        let done = running.into_iter().map(|thread| thread.join().expect("work does not panic"));
        done.flatten().collect()
    })
}
