//! Plans which cluster runs which bundle.
