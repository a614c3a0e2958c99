//! End-to-end tests of both programs.
