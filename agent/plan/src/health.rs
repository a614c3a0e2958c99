//! Judges how a live object is doing.
