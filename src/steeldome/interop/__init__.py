"""One file per foreign format: what other programs write becomes inputs, and nothing of theirs is run."""
