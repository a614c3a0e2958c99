//! Tokens, by table.
