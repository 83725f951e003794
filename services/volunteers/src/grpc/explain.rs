//! Why seats stay open, and what would fill them.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, ShiftName, TournamentName};
use matchday_roster::explain::{Choice, Explanation, Near, Prepared, Swap};
use matchday_rpc::parse;

use crate::{
    Error,
    domain::instance::{Basis, DAY_LENGTH, Posted, SHIFT_LENGTH, Stated, Task},
    making::stated,
};

/// Shifts that are explained at most: the reply is to fit a message.
const MOST_EXPLAINED: usize = 500;
/// Shifts that are offered to somebody at most, and as many from which one rule alone keeps the person.
const MOST_OFFERED: usize = 50;

/// Which open seats to explain, read and checked.
pub(crate) struct Explain {
    tournament: TournamentName,
    shift: String,
    post: String,
}

impl Explain {
    pub(crate) fn parse(request: &pb::ExplainRosterRequest) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
        let shift = request.shift.clone();
        if !shift.is_empty() {
            let name: ShiftName = parse::text_as("shift", &shift)?;
            if name.parent() != tournament {
                return Err(Common::field("shift", format!("{name} is not of {tournament}")).into());
            }
        }
        Ok(Self { tournament, shift, post: request.post.clone() })
    }

    pub(crate) fn tournament(&self) -> &TournamentName {
        &self.tournament
    }

    /// Explains the open seats beside those that a draft takes.
    pub(crate) fn answer(
        &self,
        basis: &Basis,
        seats: &[pb::RosterSeat],
    ) -> Result<Vec<pb::SeatExplanation>, Error> {
        let stated = stated(basis, &Task::default())?;
        let seats = seats.iter().map(|seat| (seat.shift.as_str(), seat.volunteer.as_str()));
        let roster = stated.with(basis, seats);
        let prepared = Prepared::new(&stated.instance);
        let explained = prepared.explain(&roster).open_seats();
        let words = Words { basis, stated: &stated };
        let explained = explained.iter().filter(|one| !stated.settled[one.shift]);
        let mut all: Vec<(usize, pb::SeatExplanation)> =
            explained.map(|one| (stated.of[one.shift], words.explanation(one))).collect();
        let too_long = basis
            .shifts
            .iter()
            .enumerate()
            .filter(|(_, one)| basis.is_open(&one.shift) && basis.is_too_long(&one.shift));
        all.extend(too_long.map(|(index, one)| (index, words.too_long(one))));
        all.sort_by_key(|(index, _)| *index);
        let wanted = all.into_iter().filter(|(index, _)| self.asks_for(&basis.shifts[*index]));
        Ok(wanted.map(|(_, explanation)| explanation).take(MOST_EXPLAINED).collect())
    }

    fn asks_for(&self, posted: &Posted) -> bool {
        (self.shift.is_empty() || self.shift == posted.shift.name)
            && (self.post.is_empty() || self.post == posted.post)
    }
}

/// Says who could take a seat of a shift, as if it had one more where it is full.
pub(crate) fn candidates(mut basis: Basis, posted: Posted) -> Result<pb::SeatExplanation, Error> {
    let known = basis.shifts.iter().position(|one| one.shift.name == posted.shift.name);
    let index = known.unwrap_or(basis.shifts.len());
    if known.is_none() {
        basis.shifts.push(posted);
    }
    let shift = &mut basis.shifts[index].shift;
    if shift.open_seats() == 0 {
        shift.headcount = shift.seats.taken + 1;
    }
    let stated = stated(&basis, &Task::default())?;
    let words = Words { basis: &basis, stated: &stated };
    let prepared = Prepared::new(&stated.instance);
    let explained = prepared.explain(&stated.kept).open_seats();
    let asked = explained.iter().find(|one| !stated.settled[one.shift] && stated.of[one.shift] == index);
    Ok(asked.map_or_else(|| words.too_long(&basis.shifts[index]), |one| words.explanation(one)))
}

/// Says which open seats somebody could take.
pub(crate) fn open_shifts(basis: &Basis, volunteer: usize) -> Result<pb::FindOpenShiftsResponse, Error> {
    let stated = stated(basis, &Task::default())?;
    let words = Words { basis, stated: &stated };
    let prepared = Prepared::new(&stated.instance);
    let (free, nearest) = prepared.explain(&stated.kept).what_could_take(volunteer);
    let is_open = |choice: &Choice| !stated.settled[choice.shift];
    let free = free.iter().filter(|choice| is_open(choice)).map(|choice| words.offer(choice));
    let nearest = nearest.iter().filter(|near| is_open(&near.choice)).map(|near| pb::OpenShiftOffer {
        rule: word(&near.rule).to_owned(),
        minutes: minutes(near),
        ..words.offer(&near.choice)
    });
    Ok(pb::FindOpenShiftsResponse {
        free: free.take(MOST_OFFERED).collect(),
        nearest: nearest.take(MOST_OFFERED).collect(),
    })
}

/// Turns what the engine says into names.
struct Words<'a> {
    basis: &'a Basis,
    stated: &'a Stated,
}

impl Words<'_> {
    fn shift(&self, shift: usize) -> String {
        self.basis.shifts[self.stated.of[shift]].shift.name.clone()
    }

    fn volunteer(&self, volunteer: usize) -> String {
        self.basis.candidates[volunteer].person.name.clone()
    }

    fn explanation(&self, one: &Explanation) -> pb::SeatExplanation {
        let blocked = one.blocked.iter().map(|(rule, volunteers)| block(word(rule), *volunteers));
        pb::SeatExplanation {
            shift: self.shift(one.shift),
            seats: i32::try_from(one.open).unwrap_or(i32::MAX),
            blocked: blocked.collect(),
            free: one.free.iter().map(|choice| self.free(choice)).collect(),
            nearest: one.nearest.iter().map(|near| self.near(near)).collect(),
            swaps: one
                .swaps
                .iter()
                .filter(|swap| self.moves_people(swap))
                .map(|swap| self.swap(swap))
                .collect(),
            relaxation: one.relaxation.as_ref().map(|near| self.near(near)),
        }
    }

    /// Nobody may work that long.
    fn too_long(&self, posted: &Posted) -> pb::SeatExplanation {
        pb::SeatExplanation {
            shift: posted.shift.name.clone(),
            seats: posted.shift.open_seats(),
            blocked: vec![block(SHIFT_LENGTH, self.basis.candidates.len())],
            ..pb::SeatExplanation::default()
        }
    }

    fn free(&self, choice: &Choice) -> pb::SeatCandidate {
        let (volunteer, cost) = (self.volunteer(choice.volunteer), choice.cost);
        pb::SeatCandidate { volunteer, cost, ..pb::SeatCandidate::default() }
    }

    fn near(&self, near: &Near) -> pb::SeatCandidate {
        let (rule, minutes) = (word(&near.rule).to_owned(), minutes(near));
        pb::SeatCandidate { rule, minutes, ..self.free(&near.choice) }
    }

    fn offer(&self, choice: &Choice) -> pb::OpenShiftOffer {
        let (shift, cost) = (self.shift(choice.shift), choice.cost);
        pb::OpenShiftOffer { shift, cost, ..pb::OpenShiftOffer::default() }
    }

    /// Seats that are held and seats that are open are two shifts to the engine: nobody moves from the one to the other.
    fn moves_people(&self, swap: &Swap) -> bool {
        swap.steps
            .iter()
            .all(|step| step.from.is_none_or(|from| self.stated.of[from] != self.stated.of[step.to]))
    }

    fn swap(&self, swap: &Swap) -> pb::SeatSwap {
        let steps = swap.steps.iter().map(|step| pb::SwapStep {
            volunteer: self.volunteer(step.volunteer),
            from_shift: step.from.map(|from| self.shift(from)).unwrap_or_default(),
            to_shift: self.shift(step.to),
        });
        pb::SeatSwap { steps: steps.collect(), cost: swap.cost }
    }
}

/// By how many minutes the limit of the day would have to give way.
fn minutes(near: &Near) -> i64 {
    if near.rule == DAY_LENGTH { near.units } else { 0 }
}

/// What the contract calls a rule of the engine.
fn word(rule: &str) -> &str {
    rule.strip_prefix("always-").unwrap_or(rule)
}

fn block(rule: &str, volunteers: usize) -> pb::RuleBlock {
    pb::RuleBlock { rule: rule.to_owned(), volunteers: i32::try_from(volunteers).unwrap_or(i32::MAX) }
}
