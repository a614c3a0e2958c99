//! Turns a Git revision into a tree of files.
