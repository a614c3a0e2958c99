//! What Go accepts and refuses, by table.
