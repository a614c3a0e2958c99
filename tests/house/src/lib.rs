//! Checks the structure of the workspace against its map.
