//! The program from outside: what it prints, what it refuses, and how it ends.

mod calendars;
mod checked;
mod help;
mod house;
mod live;
mod process;
mod refused;
mod refused_files;
mod shown;
mod staffed;
mod token;
mod versioned;
