//! Where the facts of a CSV file come from, which the file itself has no place for.

use clap::Args;
use matchday_api::common::v1::Provenance;

/// Where the facts of all rows come from.
#[derive(Args)]
pub(crate) struct Origin {
    /// Where the facts were read
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    source: String,
    /// They were generated, not read anywhere
    #[arg(long)]
    generated: bool,
}

impl Origin {
    /// What every row says of it.
    pub(crate) fn provenance(&self) -> Provenance {
        let generated = self.generated.then(|| "*".to_owned());
        Provenance { source: self.source.clone(), generated: generated.into_iter().collect() }
    }
}
