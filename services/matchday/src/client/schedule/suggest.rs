//! Where a match could go: `matchday schedule suggest`.

use clap::Args;
use matchday_api::scheduling::v1::{PlaceEffect, PlaceSuggestion, SuggestPlacesRequest};
use matchday_kernel::ActivityName;

use super::super::{connection::Client, names, times::Clocks};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
};

/// What is asked.
#[derive(Args)]
#[command(
    after_long_help = "The best place stands first: what breaks the least of what must hold, then the cheapest, then \
                             the nearest in time. Each is compared with the place where the match stands. \
                             `matchday activity move` moves it.\n\nExample:\n  matchday schedule suggest \
                             fisu-2023/m17 --most 10"
)]
pub(crate) struct Suggest {
    /// The match: fisu-2023/m17
    activity: String,
    /// At most so many places
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i32).range(1..=50))]
    most: i32,
}

impl Shown for PlaceSuggestion {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::clock("kick-off", |it: &Self| Cell::Time(it.start_time)),
        Column::new("pitch", |it: &Self| Cell::name(&it.zone)),
        Column::new("hard", |it: &Self| Cell::Text(more(it.hard_violations))),
        Column::new("cost", |it: &Self| Cell::Text(more(it.cost))),
        Column::new("effects", |it: &Self| Cell::Text(effects(it))),
    ];
}

/// How much more than now: `+1`, `-3`; nothing for none.
fn more(number: i64) -> String {
    if number == 0 { String::new() } else { format!("{number:+}") }
}

fn effects(suggestion: &PlaceSuggestion) -> String {
    if suggestion.stands {
        return "stands here now".to_owned();
    }
    if suggestion.effects.is_empty() {
        return "changes no rule".to_owned();
    }
    let told = |effect: &PlaceEffect| format!("{}: {}", effect.rule, effect.sentence);
    suggestion.effects.iter().map(told).collect::<Vec<_>>().join("; ")
}

impl Suggest {
    /// Asks, and shows the places.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name: ActivityName = names::read(&self.activity)?;
        let request = SuggestPlacesRequest { name: name.to_string(), most: self.most };
        let response = client.frames().suggest_places(request).await?.into_inner();
        let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
        client.output.list(&response.suggestions, &zone)
    }
}
