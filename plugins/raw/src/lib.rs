//! The renderer for plain manifests.
