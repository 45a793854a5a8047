"""From features to expression per tissue: labels, folds, linear models and boosted trees."""
