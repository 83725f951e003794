//! The service as its callers see it, on both databases, beside a log in which the test speaks for scheduling.

mod house;
mod work_orders;
