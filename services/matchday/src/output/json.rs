//! Resources as canonical JSON, by the contract's descriptor.

use std::{fmt::Display, sync::LazyLock};

use matchday_api::DESCRIPTOR;
use matchday_runtime::Exit;
use prost_reflect::{DescriptorPool, DynamicMessage};
use serde::Serialize;

use crate::failure::Failure;

static CONTRACT: LazyLock<DescriptorPool> = LazyLock::new(|| {
    DescriptorPool::decode(DESCRIPTOR).expect("the descriptor set is built with this program")
});

/// What can be written as JSON.
pub(crate) trait ToJson {
    /// What serde writes.
    type Json: Serialize;

    /// Turns it into what serde writes.
    ///
    /// # Errors
    /// [`Failure`] when it holds what this program does not know.
    fn to_json(&self) -> Result<Self::Json, Failure>;
}

/// Every message of the contract is written as the proto3 JSON mapping says.
impl<M: prost::Name> ToJson for M {
    type Json = DynamicMessage;

    fn to_json(&self) -> Result<DynamicMessage, Failure> {
        let name = M::full_name();
        let descriptor = CONTRACT
            .get_message_by_name(&name)
            .ok_or_else(|| failed(format!("the contract holds no {name}")))?;
        DynamicMessage::decode(descriptor, self.encode_to_vec().as_slice()).map_err(failed)
    }
}

/// JSON over several lines.
///
/// # Errors
/// [`Failure`] when an event holds what this program does not know.
pub(super) fn pretty(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value).map_err(failed)?;
    Ok(format!("{text}\n"))
}

/// JSON on one line.
///
/// # Errors
/// [`Failure`] when an event holds what this program does not know.
pub(super) fn line(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(failed)
}

fn failed(problem: impl Display) -> Failure {
    Failure::new(Exit::Failed, format!("cannot be shown as JSON: {problem}"))
        .with_hint("a newer matchday may know it")
}
