//! The layers, proved over both transports: every test runs in this process and over TCP.
//!
//! A new test takes a [`support::House`] for each transport from [`support::House::both`] and says which one
//! failed by its `transport`.

mod access;
mod calls;
mod every_method;
mod frames;
mod support;
