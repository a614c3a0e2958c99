//! Go templates with the functions that Helm offers.
