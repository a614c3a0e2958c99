//! Commits and folders through our own plugins, without a host around them.

#[path = "render/commit.rs"]
mod commit;
#[path = "render/folder.rs"]
mod folder;
#[path = "render/support.rs"]
mod support;
