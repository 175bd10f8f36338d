//! The audit: each violation is found at its place, and what missing lines explain is a hint.

mod activity;
mod between;
mod database;
mod files;
mod judged;
mod opened;
mod planted;
mod scale;
mod scene;
mod stores;
mod violations;
