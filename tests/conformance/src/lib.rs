//! The suite that any plugin must pass.
//!
//! A [`case`] is a folder with a request, files, and what is expected. [`run`] puts a plugin through it: every case
//! twice and on fresh instances, with listings in another order, with each read failing in turn, and with each file
//! replaced by what files should not be. A plugin may refuse any of that with a diagnostic; it must never trap, never
//! give other bytes for the same answers, and never name a place that is not there.

pub mod case;
pub mod files;
pub mod run;
