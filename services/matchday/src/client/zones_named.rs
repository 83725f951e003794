//! Zones that a file names, looked up before it is sent: the service that takes the file does not know places, and
//! a misspelt zone would let nobody in.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use matchday_api::venues::v1::{GetSiteRequest, ListZonesRequest};
use matchday_kernel::ZoneName;
use tonic::Code;

use super::{connection::Client, pages};
use crate::{
    failure::{Failure, say},
    output::Cell,
};

/// Most letters that a misspelt zone differs in from the one that is proposed for it.
const NEAR: usize = 3;

/// Refuses zones that venues does not know; each is named with the line it stands on. Where venues does not tell,
/// that they were not checked is said, and the import goes on.
///
/// # Errors
/// [`Failure`] with every zone that there is not.
pub(super) async fn check<'a>(
    client: &Client,
    file: &Path,
    named: impl Iterator<Item = (&'a str, u64)>,
) -> Result<(), Failure> {
    let mut zones: BTreeMap<&str, (usize, u64)> = BTreeMap::new();
    for (zone, line) in named {
        zones.entry(zone).or_insert((0, line)).0 += 1;
    }
    let sites: BTreeSet<String> = zones
        .keys()
        .filter_map(|zone| zone.parse().ok())
        .map(|zone: ZoneName| zone.parent().parent().into())
        .collect();
    let mut known = BTreeSet::new();
    for site in sites {
        match of_site(client, &site).await {
            Ok(zones) => known.extend(zones),
            Err(failure) => {
                let told = failure.to_string();
                let why = told.lines().next().unwrap_or_default();
                say(format_args!("the zones of {site} were not checked, venues does not tell them: {why}"));
                return Ok(());
            }
        }
    }
    let unknown: Vec<String> = zones
        .iter()
        .filter(|(zone, _)| !known.contains(**zone))
        .map(|(zone, (rows, line))| wrong(&file.display().to_string(), zone, *rows, *line, &known))
        .collect();
    match unknown.as_slice() {
        [] => Ok(()),
        [one] => Err(Failure::input(one)),
        many => {
            let failure = Failure::input(format!("{} zones do not exist; nothing was sent", many.len()));
            Err(many.iter().fold(failure, Failure::with_detail))
        }
    }
}

/// The zones of a site; none where there is no such site.
async fn of_site(client: &Client, site: &str) -> Result<Vec<String>, Failure> {
    match client.places().get_site(GetSiteRequest { name: site.to_owned() }).await {
        Err(status) if status.code() == Code::NotFound => return Ok(Vec::new()),
        // a token for one venue does not reach the site, and is told so when it asks for the zones
        _ => {}
    }
    pages::all(async |page_token| {
        let request = ListZonesRequest { parent: site.to_owned(), page_size: pages::PAGE_SIZE, page_token };
        let page = client.places().list_zones(request).await?.into_inner();
        Ok((page.zones.into_iter().map(|zone| zone.name).collect(), page.next_page_token))
    })
    .await
}

fn wrong(file: &str, zone: &str, rows: usize, line: u64, known: &BTreeSet<String>) -> String {
    let short = |name: &str| Cell::name(name).short(&super::times::utc());
    let where_named = match rows {
        1 => String::new(),
        rows => format!(" ({rows} rows, the first on this line)"),
    };
    let near = known.iter().map(|other| (distance(zone, other), other)).min();
    let proposed = near.filter(|(distance, _)| *distance <= NEAR).map(|(_, other)| other);
    let proposed = proposed.map_or_else(String::new, |other| format!("; did you mean {}?", short(other)));
    format!("{file}:{line}: zones: {} is no zone{where_named}{proposed}", short(zone))
}

/// Letters to put in, take out or change to make one text of another.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (index, found) in other.chars().enumerate() {
            let changed = diagonal + usize::from(letter != found);
            diagonal = row[index + 1];
            row[index + 1] = changed.min(diagonal + 1).min(row[index] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_zone_is_told_with_the_one_it_may_be() {
        let zone = |id: &str| format!("sites/jinjiang/venues/stadium/zones/{id}");
        let known = [zone("north-stand"), zone("south-stand")].into();
        assert_eq!(
            wrong("c.csv", &zone("nort-stand"), 12, 17, &known),
            "c.csv:17: zones: jinjiang/stadium/nort-stand is no zone (12 rows, the first on this line); did you \
             mean jinjiang/stadium/north-stand?"
        );
        assert_eq!(
            wrong("c.csv", &zone("moon"), 1, 2, &known),
            "c.csv:2: zones: jinjiang/stadium/moon is no zone"
        );
    }

    #[test]
    fn distances_count_letters() {
        for (one, other, letters) in
            [("", "", 0), ("a", "", 1), ("nort", "north", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!((distance(one, other), distance(other, one)), (letters, letters));
        }
    }
}
