//! The best that one person can do at given prices: a dynamic program over days, hours and rest.

use super::plans::{Apart, Item, Plan, plans};
use crate::model::Minute;
use crate::problem::number as number_of;

/// Value of what cannot be.
const NEVER: i64 = i64::MIN / 4;
/// Steps into which the hours of a person are cut at most.
const MOST_STEPS: Minute = 256;

/// Limits of one person that the bound looks at; the others can only raise the cost.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) day: Minute,
    pub(super) total: Minute,
    pub(super) rest: Minute,
    pub(super) consecutive: usize,
    /// Cost, in thousandths, of holding so many shifts too few: by number of shifts.
    pub(super) engagement: Vec<i64>,
}

/// What a person does, and what it is worth less what it costs, in thousandths.
#[derive(Clone, Debug, Default)]
pub(super) struct Best {
    pub(super) value: i64,
    pub(super) shifts: Vec<u32>,
}

/// Finds the best of all that the person may do with items sorted by start. No allowed choice is worth more.
pub(super) fn best(person: &Person, items: &[Item], apart: &dyn Apart) -> Best {
    let worth = |floor: i64| items.iter().filter(|item| item.value > floor).copied().collect::<Vec<_>>();
    let (mut least, mut floor, mut runs) = (0, 0, false);
    loop {
        let found = Diary::new(person, &worth(floor), apart, runs, least).best();
        if found.shifts.len() < person.engagement.len() && least == 0 {
            least = person.engagement.len();
            floor = -person.engagement[0];
        } else if !runs && found.longest_run(items) > person.consecutive {
            runs = true;
        } else {
            return found;
        }
    }
}

impl Best {
    fn longest_run(&self, items: &[Item]) -> usize {
        let mut days: Vec<u32> =
            items.iter().filter(|item| self.shifts.contains(&item.shift)).map(|item| item.slot.day).collect();
        days.dedup();
        let (mut longest, mut run) = (0, 0);
        for (at, day) in days.iter().enumerate() {
            run = if at > 0 && day - days[at - 1] == 1 { run + 1 } else { 1 };
            longest = longest.max(run);
        }
        longest
    }
}

/// Where a value comes from: the plan taken, and the row of the day before.
#[derive(Clone, Copy, Default)]
struct From {
    plan: u32,
    row: u32,
}

/// No plan was taken.
const IDLE: u32 = u32::MAX;

/// What is known at the end of a day: by days of work in a row, shifts held, and an end that the last one is not after.
struct Row {
    run: usize,
    count: usize,
    /// Last end; `None` when the day is free.
    end: Option<Minute>,
    /// Best value by hours used at most, in steps.
    values: Vec<i64>,
    from: Vec<From>,
}

struct Page {
    day: u32,
    plans: Vec<Plan>,
    rows: Vec<Row>,
}

struct Diary<'p> {
    person: &'p Person,
    runs: bool,
    /// Shifts that are counted.
    least: usize,
    step: Minute,
    steps: usize,
    pages: Vec<Page>,
}

impl<'p> Diary<'p> {
    fn new(person: &'p Person, items: &[Item], apart: &dyn Apart, runs: bool, least: usize) -> Self {
        let all: Minute = items.iter().map(|item| item.slot.minutes()).sum();
        let step = if all <= person.total {
            // Hours that cannot run out need not be counted.
            Minute::MAX
        } else {
            let common = items.iter().fold(0, |step, item| divisor(step, item.slot.minutes()));
            common.max(person.total / MOST_STEPS + 1)
        };
        let steps = if all <= person.total { 0 } else { whole_steps(person.total, step) };
        let mut diary = Self { person, runs, least, step, steps, pages: Vec::new() };
        let mut rest = items;
        while let Some(first) = rest.first() {
            let day = first.slot.day;
            let (today, later) = rest.split_at(rest.partition_point(|item| item.slot.day == day));
            let plans = plans(today, person.day, apart, least);
            diary.turn(day, plans);
            rest = later;
        }
        diary
    }

    /// Adds a day.
    fn turn(&mut self, day: u32, plans: Vec<Plan>) {
        let width = self.steps + 1;
        let nothing = [Row::new(0, 0, None, vec![0; width])];
        let (before, follows) = match self.pages.last() {
            Some(page) => (page.rows.as_slice(), page.day + 1 == day),
            None => (nothing.as_slice(), false),
        };
        let mut rows: Vec<Row> = Vec::new();
        for (number, row) in last_of_chains(before, |_| true) {
            let at = Self::row(&mut rows, 0, row.count, None, width);
            at.take(&row.values, 0, 0, From { plan: IDLE, row: number });
        }
        for (index, plan) in plans.iter().enumerate() {
            let minutes = whole_steps(plan.minutes, self.step);
            if minutes > self.steps {
                continue;
            }
            let rested =
                |row: &Row| !follows || row.end.is_none_or(|end| plan.start - end >= self.person.rest);
            for (number, row) in last_of_chains(before, rested) {
                let run = match (self.runs, follows && row.end.is_some()) {
                    (false, _) => 0,
                    (true, true) => row.run + 1,
                    (true, false) => 1,
                };
                if run <= self.person.consecutive {
                    let count = (row.count + plan.count).min(self.least);
                    let at = Self::row(&mut rows, run, count, Some(plan.end), width);
                    let from = From { plan: number_of(index), row: number };
                    at.take(&row.values, minutes, plan.value, from);
                }
            }
        }
        rows.sort_by_key(|row| (row.run, row.count, row.end));
        for at in 1..rows.len() {
            let (before, after) = rows.split_at_mut(at);
            if before[at - 1].chain() == after[0].chain() {
                after[0].inherit(&before[at - 1]);
            }
        }
        self.pages.push(Page { day, plans, rows });
    }

    fn row(rows: &mut Vec<Row>, run: usize, count: usize, end: Option<Minute>, width: usize) -> &mut Row {
        let at = rows.iter().position(|row| row.run == run && row.count == count && row.end == end);
        let at = at.unwrap_or_else(|| {
            rows.push(Row::new(run, count, end, vec![NEVER; width]));
            rows.len() - 1
        });
        &mut rows[at]
    }

    /// Reads the best way through the diary.
    fn best(&self) -> Best {
        let cost = |count: usize| {
            if self.least > 0 { self.person.engagement.get(count).copied().unwrap_or(0) } else { 0 }
        };
        let Some(last) = self.pages.last() else {
            return Best { value: -cost(0), shifts: Vec::new() };
        };
        let ends = last
            .rows
            .iter()
            .enumerate()
            .map(|(number, row)| (row.values[self.steps] - cost(row.count), number));
        let Some((value, mut row)) = ends.max_by_key(|(value, number)| (*value, usize::MAX - number)) else {
            return Best::default();
        };
        let (mut step, mut shifts) = (self.steps, Vec::new());
        for page in self.pages.iter().rev() {
            let from = page.rows[row].from[step];
            if from.plan != IDLE {
                let plan = &page.plans[from.plan as usize];
                shifts.extend(plan.shifts());
                step -= whole_steps(plan.minutes, self.step);
            }
            row = from.row as usize;
        }
        Best { value, shifts }
    }
}

impl Row {
    fn new(run: usize, count: usize, end: Option<Minute>, values: Vec<i64>) -> Self {
        let from = vec![From { plan: IDLE, row: 0 }; values.len()];
        Self { run, count, end, values, from }
    }

    /// Rows of one chain differ in the last end alone.
    fn chain(&self) -> (usize, usize) {
        (self.run, self.count)
    }

    /// Takes what is better: values of a row of the day before, with a plan of so many steps and such a value.
    fn take(&mut self, before: &[i64], steps: usize, value: i64, from: From) {
        let own = self.values[steps..].iter_mut().zip(&mut self.from[steps..]);
        for ((own, own_from), before) in own.zip(before) {
            if before + value > *own {
                *own = before + value;
                *own_from = from;
            }
        }
    }

    /// Takes what is better in a row with an earlier end.
    fn inherit(&mut self, earlier: &Self) {
        let own = self.values.iter_mut().zip(&mut self.from);
        for ((own, own_from), (value, from)) in own.zip(earlier.values.iter().zip(&earlier.from)) {
            if value > own {
                *own = *value;
                *own_from = *from;
            }
        }
    }
}

/// Of each chain the last row that is allowed, with its number: it holds the best of those before it.
fn last_of_chains(rows: &[Row], allowed: impl Fn(&Row) -> bool) -> impl Iterator<Item = (u32, &Row)> {
    let last = move |at: &usize| {
        let row = &rows[*at];
        let next = rows.get(at + 1).filter(|next| next.chain() == row.chain());
        allowed(row) && next.is_none_or(|next| !allowed(next))
    };
    (0..rows.len()).filter(last).map(|at| (number_of(at), &rows[at]))
}

/// Whole steps in a number of minutes: rounded down, so that hours cut too coarsely still give a bound.
fn whole_steps(minutes: Minute, step: Minute) -> usize {
    usize::try_from(minutes / step).unwrap_or(0)
}

/// The greatest common divisor.
fn divisor(one: Minute, other: Minute) -> Minute {
    if other == 0 { one } else { divisor(other, one % other) }
}
