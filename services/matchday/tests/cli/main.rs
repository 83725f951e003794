//! The program from outside: what it prints, what it refuses, and how it ends.

mod help;
mod house;
mod process;
mod refused;
mod shown;
mod token;
