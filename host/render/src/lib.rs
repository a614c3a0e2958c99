//! Recipes, variants and bundles.
