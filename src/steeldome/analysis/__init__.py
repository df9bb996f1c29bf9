"""From results to measures with both uncertainties; never runs the engine."""
