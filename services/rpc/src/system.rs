//! Health and reflection, as every gRPC client knows them.

use matchday_api::DESCRIPTOR;
use tonic::service::Routes;

pub use tonic_health::{ServingStatus, server::HealthReporter};

/// Adds health (public) and reflection v1 and v1alpha (any token) to the services of a process.
///
/// # Panics
/// When the descriptor set of the contract cannot be read, which [`crate::Methods::from_descriptor`] has
/// refused before.
#[must_use]
pub fn add_system_services(routes: Routes) -> (Routes, HealthReporter) {
    let (reporter, health) = tonic_health::server::health_reporter();
    let builder = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTOR)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let v1 = builder().build_v1().expect("the descriptor set was read at the start");
    let v1alpha = builder().build_v1alpha().expect("the descriptor set was read at the start");
    (routes.add_service(health).add_service(v1).add_service(v1alpha), reporter)
}
