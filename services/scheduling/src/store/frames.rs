//! Timetable frames as rows: one for each tournament that somebody gave one.

use matchday_api::scheduling::v1 as pb;
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Record, StoreError, table};
use prost::Message;

table! {
    /// A timetable frame as stored.
    pub(crate) struct FrameRow in "frames" {
        body: Vec<u8>,
    }
}

/// Name of a tournament's frame.
pub(crate) fn name(tournament: &str) -> String {
    format!("{tournament}/timetableFrame")
}

impl FrameRow {
    /// A row of a frame that was read and checked.
    pub(crate) fn of(tournament: &str, frame: &pb::TimetableFrame) -> Self {
        let body = pb::TimetableFrame {
            name: String::new(),
            etag: String::new(),
            create_time: None,
            update_time: None,
            ..frame.clone()
        };
        Self { name: name(tournament), body: body.encode_to_vec(), ..Self::default() }
    }

    /// The frame of the row.
    pub(crate) fn frame(&self) -> Result<pb::TimetableFrame, StoreError> {
        let body = pb::TimetableFrame::decode(self.body.as_slice()).map_err(StoreError::internal)?;
        Ok(pb::TimetableFrame {
            name: self.name.clone(),
            etag: self.etag(),
            create_time: Some(micros_to_timestamp(self.created)),
            update_time: Some(micros_to_timestamp(self.updated)),
            ..body
        })
    }
}
