"""From a scenario to arrays: the last place that sees names."""
