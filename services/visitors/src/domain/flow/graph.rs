//! The zones of a venue, and the links people pass between them. Every counter watches one link.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::tiers::{self, Tier, TierFault};

/// A zone people are in.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// Its name.
    pub name: String,
    /// Area that people stand on, in square metres; `None` when nobody measured it: then it has no density.
    pub area_m2: Option<f64>,
    /// Tiers of its density, rising.
    pub tiers: Vec<Tier>,
}

/// A passage between two zones, or between a zone and the outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its id within the graph.
    pub id: String,
    /// Where entries come from; `None` is outside.
    pub from: Option<String>,
    /// Where entries lead to; `None` is outside.
    pub to: Option<String>,
}

/// A counter at a link. Those of one link watch different doors of it: what they count is added.
#[derive(Clone, Debug, PartialEq)]
pub struct Counter {
    /// Its id within the graph.
    pub id: String,
    /// Id of its link.
    pub link: String,
    /// Entries it counts for each exit it counts, of the same people.
    pub entries_per_exit: f64,
    /// Standard deviation of that from day to day, relative.
    pub spread: f64,
}

/// Zones, links and counters that fit together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// The zones.
    pub zones: Vec<Zone>,
    /// The links.
    pub links: Vec<Link>,
    /// The counters.
    pub counters: Vec<Counter>,
}

/// Why a graph cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GraphFault {
    /// A zone, link or counter stands there twice.
    #[error("{0} stands there twice")]
    Twice(String),
    /// A link names a zone that is not in the graph.
    #[error("the link {link} names the zone {zone}, which is not in the graph")]
    ZoneUnknown {
        /// The link.
        link: String,
        /// The zone.
        zone: String,
    },
    /// A link leads back to where it comes from.
    #[error("the link {0} leads back to where it comes from")]
    Loop(String),
    /// A counter names a link that is not in the graph.
    #[error("the counter {counter} names the link {link}, which is not in the graph")]
    LinkUnknown {
        /// The counter.
        counter: String,
        /// The link.
        link: String,
    },
    /// Nobody counts who passes a link.
    #[error(
        "no counter counts the link {0}: people would pass it unseen; give it one, or leave the link out"
    )]
    Uncounted(String),
    /// Nobody can leave a zone.
    #[error("{0} is a dead end: no links lead from it to the outside, so nobody in it could ever leave")]
    DeadEnd(String),
    /// An area is none.
    #[error("{0} has an area of {1} m²; an area is more than 0 and at most 1,000,000 m²")]
    Area(String, f64),
    /// A ratio or its spread is none.
    #[error(
        "the counter {0} has a ratio of {1} and a spread of {2}; a ratio is between 1/3 and 3, a spread between 0 and 1"
    )]
    Ratio(String, f64, f64),
    /// Tiers of a zone cannot be used.
    #[error("of {0}: {1}")]
    Tiers(String, TierFault),
}

const LARGEST_AREA: f64 = 1_000_000.0;
const MOST_RATIO: f64 = 3.0;

impl Graph {
    /// Checks that all parts fit together.
    ///
    /// # Errors
    /// [`GraphFault`] of the first part that does not.
    pub fn check(&self) -> Result<(), GraphFault> {
        let zones = distinct(self.zones.iter().map(|zone| zone.name.as_str()))?;
        let links = distinct(self.links.iter().map(|link| link.id.as_str()))?;
        distinct(self.counters.iter().map(|counter| counter.id.as_str()))?;
        for zone in &self.zones {
            if let Some(area) = zone.area_m2.filter(|area| !(*area > 0.0 && *area <= LARGEST_AREA)) {
                return Err(GraphFault::Area(zone.name.clone(), area));
            }
            tiers::check(&zone.tiers).map_err(|fault| GraphFault::Tiers(zone.name.clone(), fault))?;
        }
        for link in &self.links {
            for zone in [&link.from, &link.to].into_iter().flatten() {
                if !zones.contains(zone.as_str()) {
                    return Err(GraphFault::ZoneUnknown { link: link.id.clone(), zone: zone.clone() });
                }
            }
            if link.from == link.to {
                return Err(GraphFault::Loop(link.id.clone()));
            }
        }
        for counter in &self.counters {
            if !links.contains(counter.link.as_str()) {
                let (counter, link) = (counter.id.clone(), counter.link.clone());
                return Err(GraphFault::LinkUnknown { counter, link });
            }
            let ratio = counter.entries_per_exit;
            let is_ratio = (1.0 / MOST_RATIO..=MOST_RATIO).contains(&ratio);
            if !is_ratio || !(0.0..=1.0).contains(&counter.spread) {
                return Err(GraphFault::Ratio(counter.id.clone(), ratio, counter.spread));
            }
        }
        let is_counted = |link: &&Link| self.counters.iter().any(|counter| counter.link == link.id);
        if let Some(link) = self.links.iter().find(|link| !is_counted(link)) {
            return Err(GraphFault::Uncounted(link.id.clone()));
        }
        let reached = self.reached_from_outside();
        let dead_end = self.zones.iter().find(|zone| !reached.contains(zone.name.as_str()));
        dead_end.map_or(Ok(()), |zone| Err(GraphFault::DeadEnd(zone.name.clone())))
    }

    /// Zones that links join to the outside: links are passed both ways.
    fn reached_from_outside(&self) -> BTreeSet<&str> {
        let mut beside: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
        for link in &self.links {
            let ends = [link.from.as_deref(), link.to.as_deref()];
            for (end, other) in [(ends[0], ends[1]), (ends[1], ends[0])] {
                beside.entry(end).or_default().extend(other);
            }
        }
        let (mut reached, mut next) = (BTreeSet::new(), VecDeque::from([None]));
        while let Some(place) = next.pop_front() {
            for zone in beside.get(&place).into_iter().flatten() {
                if reached.insert(*zone) {
                    next.push_back(Some(*zone));
                }
            }
        }
        reached
    }

    /// The counters at a zone's links, each with what an entry it counts does to the number of people in the zone: 1
    /// or -1.
    pub fn counters_at<'g>(&'g self, zone: &'g str) -> impl Iterator<Item = (usize, f64)> + 'g {
        self.counters.iter().enumerate().filter_map(move |(index, counter)| {
            let link = self.links.iter().find(|link| link.id == counter.link)?;
            if link.to.as_deref() == Some(zone) {
                Some((index, 1.0))
            } else {
                (link.from.as_deref() == Some(zone)).then_some((index, -1.0))
            }
        })
    }
}

fn distinct<'n>(names: impl Iterator<Item = &'n str>) -> Result<BTreeSet<&'n str>, GraphFault> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(GraphFault::Twice(name.to_owned()));
        }
    }
    Ok(seen)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::domain::flow) fn link(id: &str, from: &str, to: &str) -> Link {
        let place = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        Link { id: id.into(), from: place(from), to: place(to) }
    }

    pub(in crate::domain::flow) fn counter(id: &str, link: &str) -> Counter {
        Counter { id: id.into(), link: link.into(), entries_per_exit: 1.0, spread: 0.05 }
    }

    /// Outside – plaza (link `gate`, two counters) – stand (link `tunnel`).
    pub(in crate::domain::flow) fn graph() -> Graph {
        let tiers = vec![Tier { label: "orange".into(), from_density: 3.0 }];
        let zone = |name: &str| Zone { name: name.into(), area_m2: Some(100.0), tiers: tiers.clone() };
        Graph {
            zones: vec![zone("plaza"), zone("stand")],
            links: vec![link("gate", "", "plaza"), link("tunnel", "plaza", "stand")],
            counters: vec![counter("north", "gate"), counter("south", "gate"), counter("inner", "tunnel")],
        }
    }

    #[test]
    fn a_graph_that_fits_together_passes_and_knows_who_counts_where() {
        let graph = graph();
        assert_eq!(graph.check(), Ok(()));
        assert_eq!(graph.counters_at("plaza").collect::<Vec<_>>(), [(0, 1.0), (1, 1.0), (2, -1.0)]);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let with = |change: fn(&mut Graph)| {
            let mut graph = graph();
            change(&mut graph);
            graph.check().unwrap_err().to_string()
        };
        assert!(
            with(|g| g.links.retain(|one| one.id == "gate")).contains("the counter inner names the link")
        );
        assert!(
            with(|g| {
                g.links.truncate(1);
                g.counters.truncate(2);
            })
            .contains("stand is a dead end")
        );
        assert!(with(|g| drop(g.counters.pop())).contains("no counter counts the link tunnel"));
        assert!(with(|g| g.links.push(link("x", "plaza", "moon"))).contains("the zone moon"));
        assert!(with(|g| g.links.push(link("x", "plaza", "plaza"))).contains("leads back"));
        assert!(with(|g| g.links.push(link("gate", "plaza", ""))).contains("gate stands there twice"));
        assert!(with(|g| g.zones[0].area_m2 = Some(f64::NAN)).contains("area"));
        assert!(with(|g| g.counters[0].entries_per_exit = -1.0).contains("ratio"));
        assert!(with(|g| g.zones[0].tiers = vec![g.zones[1].tiers[0].clone(); 2]).contains("not above"));
    }
}
