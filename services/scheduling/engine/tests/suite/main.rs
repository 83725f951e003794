//! The engine, its checker and its suggestions, each against the other.

mod checker;
mod findings;
mod past;
mod properties;
mod random;
mod repairs;
mod suggest;
