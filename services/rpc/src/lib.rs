//! gRPC in and out: one client for local and remote services, the layers every call passes, who may do
//! what, and how errors look on the wire.
//!
//! | module | subject |
//! |---|---|
//! | [`peer`] | the transport of a client: the layered routes of this process, or a channel |
//! | [`method`] | the methods of the contract: permission, scope, shape, read from the descriptor |
//! | [`layers`] | the stack below every service, in one order |
//! | [`caller`] | who calls, and what the layers found out about the call |
//! | [`role`] | roles as sets of permissions, grants with a scope |
//! | [`token`], [`key`] | signed tokens: issuing, verifying, the bounded cache |
//! | [`parse`] | from wire types to the domain's types, field by field |
//! | [`status`] | from a fault to a status with `google.rpc` details |
//! | [`system`] | health and reflection |
//!
//! To add a layer: write a [`layers::Step`] in a file of its own and give it its place in
//! [`layers::Layers::around`], with the reason it stands there.

pub mod caller;
pub mod key;
pub mod layers;
pub mod method;
pub mod parse;
pub mod peer;
pub mod role;
pub mod status;
pub mod system;
pub mod token;
mod wire;

pub use caller::{Caller, Paging, Repeat};
pub use method::{DEFAULT_LARGEST, Method, Methods, Rule, Shape};
pub use peer::{Credentials, Peer};
pub use role::{Grant, Role};
pub use status::{fault_status, reason};
pub use token::{Claims, Identity, Issuer, Verifier};
