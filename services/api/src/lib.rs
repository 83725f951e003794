//! The contract in Rust: code generated from `proto/`, and the descriptor set that keeps the method options.

/// The whole contract as an encoded `google.protobuf.FileDescriptorSet`, custom options included.
pub const DESCRIPTOR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptor.bin"));

/// What every package shares: permissions and the method option.
pub mod common {
    /// `matchday.common.v1`
    pub mod v1 {
        tonic::include_proto!("matchday.common.v1");
    }
}

/// The event logs.
pub mod event {
    /// `matchday.event.v1`
    pub mod v1 {
        tonic::include_proto!("matchday.event.v1");
    }
}

/// Tournaments and their schedule.
pub mod scheduling {
    /// `matchday.scheduling.v1`
    pub mod v1 {
        tonic::include_proto!("matchday.scheduling.v1");
    }
}

/// Places and their bookings.
pub mod venues {
    /// `matchday.venues.v1`
    pub mod v1 {
        tonic::include_proto!("matchday.venues.v1");
    }
}

/// Volunteers, their shifts and assignments.
pub mod volunteers {
    /// `matchday.volunteers.v1`
    pub mod v1 {
        tonic::include_proto!("matchday.volunteers.v1");
    }
}

/// Gates, credentials, and who is inside.
pub mod visitors {
    /// `matchday.visitors.v1`
    pub mod v1 {
        tonic::include_proto!("matchday.visitors.v1");
    }
}

/// The operations centre: the run sheet and the log.
pub mod control {
    /// `matchday.control.v1`
    pub mod v1 {
        tonic::include_proto!("matchday.control.v1");
    }
}
