//! Compares renderers with the recorded output of the real tools.
