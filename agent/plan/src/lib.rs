//! Plans what an agent applies and prunes.
