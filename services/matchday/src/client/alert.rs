//! `matchday flow alerts`, `flow alert` and `flow alarm-figures`: what goes wrong with the crowd of a venue, and how good
//! the alarms are. Rules and duty holders are in `alert_rule` and `duty_holder`.

use clap::{Args, Subcommand};
use matchday_api::visitors::v1::{
    AcknowledgeAlertRequest, AlarmFigures, AlarmSubject, Alert, AlertCause, AlertLevel, AlertState,
    AlertStep, AlertText, GetAlarmFiguresRequest, GetAlertRequest, ListAlertsRequest, ShelveAlertRequest,
    UnshelveAlertRequest, WatchAlertsRequest,
};
use matchday_kernel::{AlertName, VenueName};
use matchday_rpc::parse::{to_duration, to_timestamp};

use super::{
    connection::Client,
    names, pages,
    refusal::Repeat,
    times::{self, Clocks},
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
    words,
};

/// Which alerts.
#[derive(Args)]
pub(super) struct Alerts {
    /// The venue: jinjiang/stadium
    venue: String,
    /// Show each again whenever it changes, until interrupted
    #[arg(long, conflicts_with_all = ["all", "level", "cause"])]
    watch: bool,
    /// Take the watch up again: the sequence it told last
    #[arg(long, value_name = "SEQUENCE", requires = "watch", default_value_t = 0, hide_default_value = true)]
    after: i64,
    /// Those that are cleared, too
    #[arg(long)]
    all: bool,
    /// At least this level
    #[arg(long, value_parser = words::values::<AlertLevel>())]
    level: Option<AlertLevel>,
    /// This cause alone
    #[arg(long, value_parser = words::values::<AlertCause>())]
    cause: Option<AlertCause>,
}

/// What is done about an alert.
#[derive(Subcommand)]
pub(super) enum Deed {
    /// Show an alert, what is suggested, and all that happened to it
    #[command(after_long_help = "Example:\n  matchday flow alert show jinjiang/stadium/17")]
    Show {
        /// The alert: jinjiang/stadium/17
        alert: String,
    },
    /// Say that somebody has seen an alert (确认); it does not escalate any more
    #[command(after_long_help = "Example:\n  matchday flow alert ack jinjiang/stadium/17")]
    Ack {
        /// The alert: jinjiang/stadium/17
        alert: String,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Set an alert aside for a while (搁置), at most eight hours; the highest level never is
    #[command(
        after_long_help = "Example:\n  matchday flow alert shelve jinjiang/stadium/17 --lasts 30m --reason 'the \
                           counter is being repaired'"
    )]
    Shelve {
        /// The alert: jinjiang/stadium/17
        alert: String,
        /// For how long: 30m
        #[arg(long)]
        lasts: String,
        /// Why, without naming a person: it is kept in the event log
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Take an alert up again before its time
    #[command(after_long_help = "Example:\n  matchday flow alert unshelve jinjiang/stadium/17")]
    Unshelve {
        /// The alert: jinjiang/stadium/17
        alert: String,
        #[command(flatten)]
        repeat: Repeat,
    },
}

/// The time that figures are of.
#[derive(Args)]
pub(super) struct Figures {
    /// The venue: jinjiang/stadium
    venue: String,
    /// Since when; without it a day before the end
    #[arg(long)]
    from: Option<String>,
    /// Until when; without it now
    #[arg(long)]
    until: Option<String>,
}

/// What an alert says in English.
fn said(alert: &Alert) -> AlertText {
    alert.texts.iter().find(|text| text.language == "en").cloned().unwrap_or_default()
}

impl Shown for Alert {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("level", |it: &Self| Cell::Text(words::word_of::<AlertLevel>(it.level))),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<AlertState>(it.state))),
        Column::new("cause", |it: &Self| Cell::Text(words::word_of::<AlertCause>(it.cause))),
        Column::new("about", |it: &Self| Cell::name(&it.subject)),
        Column::clock("raised", |it: &Self| Cell::Time(it.raise_time)),
        Column::new("told", |it: &Self| Cell::text(&it.holder)),
        Column::new("what", |it: &Self| Cell::Text(said(it).what)),
        Column::detail("do", |it: &Self| Cell::Text(said(it).action)),
        Column::detail("then", |it: &Self| Cell::Text(said(it).prediction)),
        Column::detail("probability", |it: &Self| Cell::Text(format!("{:.2}", it.probability))),
        Column::detail("measured", |it: &Self| Cell::Time(it.measure_time)),
        Column::detail("level-since", |it: &Self| Cell::Time(it.level_time)),
        Column::detail("acknowledged", |it: &Self| Cell::Time(it.acknowledge_time)),
        Column::detail("acknowledged-by", |it: &Self| Cell::name(&it.acknowledged_by)),
        Column::detail("escalations", |it: &Self| Cell::Count(it.escalations)),
        Column::detail("shelved-until", |it: &Self| Cell::Time(it.shelf_end_time)),
        Column::detail("shelf-reason", |it: &Self| Cell::text(&it.shelf_reason)),
        Column::detail("cleared", |it: &Self| Cell::Time(it.clear_time)),
        Column::detail("sequence", |it: &Self| Cell::Number(it.sequence)),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

/// Shares of the levels beside what is recommended: `red 1 (10 %, recommended 5 %)`.
fn levels(figures: &AlarmFigures) -> String {
    let level = |one: &matchday_api::visitors::v1::AlarmLevelShare| {
        let word = words::word_of::<AlertLevel>(one.level);
        let (share, recommended) = (one.share * 100.0, one.recommended * 100.0);
        format!("{word} {} ({share:.0} %, recommended {recommended:.0} %)", one.alarms)
    };
    figures.levels.iter().map(level).collect::<Vec<_>>().join(", ")
}

/// Causes and subjects with their alarms: `density jinjiang/stadium/plaza 4`.
fn subjects(subjects: &[AlarmSubject]) -> String {
    let subject = |one: &AlarmSubject| {
        let about = Cell::name(&one.subject).short(&times::utc());
        format!("{} {about} {}", words::word_of::<AlertCause>(one.cause), one.alarms)
    };
    subjects.iter().map(subject).collect::<Vec<_>>().join(", ")
}

impl Shown for AlarmFigures {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("venue", |it: &Self| Cell::name(&it.venue)),
        Column::clock("from", |it: &Self| Cell::Time(it.start_time)),
        Column::new("until", |it: &Self| Cell::Time(it.end_time)),
        Column::new("alarms", |it: &Self| Cell::Number(it.alarms.into())),
        Column::new("per-10-min", |it: &Self| Cell::Text(format!("{:.2}", it.average_per_ten_minutes))),
        Column::new("peak-per-10-min", |it: &Self| Cell::Number(it.peak_per_ten_minutes.into())),
        Column::detail("peak", |it: &Self| Cell::Time(it.peak_time)),
        Column::new("flood", |it: &Self| {
            Cell::Text(format!("{:.1} % of the time, {} floods", it.flood_share * 100.0, it.floods))
        }),
        Column::new("stale", |it: &Self| Cell::Number(it.stale.into())),
        Column::new("levels", |it: &Self| Cell::Text(levels(it))),
        Column::detail("chattering", |it: &Self| Cell::Text(subjects(&it.chattering))),
        Column::detail("most-frequent", |it: &Self| Cell::Text(subjects(&it.most_frequent))),
        Column::new("acknowledged", |it: &Self| Cell::Number(it.acknowledged.into())),
        Column::new("half-within", |it: &Self| Cell::Length(it.median_acknowledgement)),
        Column::detail("nine-of-ten-within", |it: &Self| Cell::Length(it.ninth_decile_acknowledgement)),
        Column::new("escalations", |it: &Self| Cell::Number(it.escalations.into())),
    ];
}

impl Alerts {
    /// Lists the alerts, or watches them.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let venue: VenueName = names::read(&self.venue)?;
        let zone = Clocks::Site(&venue.parent()).zone_to_show(client).await;
        if self.watch {
            let request = WatchAlertsRequest { parent: venue.to_string(), after_sequence: self.after };
            let mut changes = client.alerts().watch_alerts(request).await?.into_inner();
            let stream = client.output.stream::<Alert>()?;
            let mut is_first = true;
            while let Some(change) = changes.message().await? {
                for alert in &change.alerts {
                    stream.item(alert, &zone)?;
                }
                if std::mem::take(&mut is_first) {
                    say(format_args!("these are open, of sequence {}; changes follow", change.sequence));
                }
            }
            return Ok(());
        }
        let states = if self.all { (1..=4).collect() } else { Vec::new() };
        let request = ListAlertsRequest {
            parent: venue.to_string(),
            states,
            level: self.level.map_or(0, Into::into),
            cause: self.cause.map_or(0, Into::into),
            page_size: pages::PAGE_SIZE,
            ..ListAlertsRequest::default()
        };
        let alerts = pages::all(async |page_token| {
            let request = ListAlertsRequest { page_token, ..request.clone() };
            let page = client.alerts().list_alerts(request).await?.into_inner();
            Ok((page.alerts, page.next_page_token))
        });
        client.output.list(&alerts.await?, &zone)
    }
}

impl Deed {
    /// Does it, and shows the alert.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let (name, alert) = match self {
            Self::Show { alert } => return show_whole(client, names::read(&alert)?).await,
            Self::Ack { alert, repeat } => {
                let (name, request): (AlertName, _) = (names::read(&alert)?, repeat.request());
                let acknowledge = AcknowledgeAlertRequest {
                    name: name.to_string(),
                    request_id: request.id(),
                    ..AcknowledgeAlertRequest::default()
                };
                let reply = client.alerts().acknowledge_alert(acknowledge).await;
                (name, reply.map_err(|status| request.refused(status))?.into_inner().alert)
            }
            Self::Shelve { alert, lasts, reason, repeat } => {
                let (name, request): (AlertName, _) = (names::read(&alert)?, repeat.request());
                let lasts = times::length("--lasts", &lasts)?;
                let shelve = ShelveAlertRequest {
                    name: name.to_string(),
                    lasts: Some(to_duration(lasts)),
                    reason,
                    request_id: request.id(),
                    ..ShelveAlertRequest::default()
                };
                let reply = client.alerts().shelve_alert(shelve).await;
                (name, reply.map_err(|status| request.refused(status))?.into_inner().alert)
            }
            Self::Unshelve { alert, repeat } => {
                let (name, request): (AlertName, _) = (names::read(&alert)?, repeat.request());
                let unshelve = UnshelveAlertRequest {
                    name: name.to_string(),
                    request_id: request.id(),
                    ..UnshelveAlertRequest::default()
                };
                let reply = client.alerts().unshelve_alert(unshelve).await;
                (name, reply.map_err(|status| request.refused(status))?.into_inner().alert)
            }
        };
        show(client, &name, &alert.unwrap_or_default()).await
    }
}

impl Figures {
    /// Shows the figures.
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let venue: VenueName = names::read(&self.venue)?;
        let site = venue.parent();
        let clocks = Clocks::Site(&site);
        let mut request =
            GetAlarmFiguresRequest { parent: venue.to_string(), ..GetAlarmFiguresRequest::default() };
        if let Some(from) = &self.from {
            request.start_time = Some(to_timestamp(clocks.moment(client, "--from", from).await?));
        }
        if let Some(until) = &self.until {
            request.end_time = Some(to_timestamp(clocks.moment(client, "--until", until).await?));
        }
        let figures = client.alerts().get_alarm_figures(request).await?.into_inner().figures;
        let zone = clocks.zone_to_show(client).await;
        client.output.one(&figures.unwrap_or_default(), &zone)
    }
}

async fn show(client: &Client, name: &AlertName, alert: &Alert) -> Result<(), Failure> {
    let zone = Clocks::Site(&name.parent().parent()).zone_to_show(client).await;
    client.output.one(alert, &zone)
}

/// Shows an alert, and tells its steps.
async fn show_whole(client: &Client, name: AlertName) -> Result<(), Failure> {
    let request = GetAlertRequest { name: name.to_string() };
    let reply = client.alerts().get_alert(request).await?.into_inner();
    let zone = Clocks::Site(&name.parent().parent()).zone_to_show(client).await;
    client.output.one(&reply.alert.unwrap_or_default(), &zone)?;
    for step in &reply.transitions {
        let word = words::word_of::<AlertStep>(step.step);
        let level = words::word_of::<AlertLevel>(step.level);
        let cells = [
            Cell::Time(step.time).short(&zone),
            word,
            level,
            step.holder.clone(),
            Cell::name(&step.actor).short(&zone),
            step.reason.clone(),
        ];
        let told: Vec<String> = cells.into_iter().filter(|cell| !cell.is_empty()).collect();
        say(format_args!("{}", told.join("  ")));
    }
    Ok(())
}
