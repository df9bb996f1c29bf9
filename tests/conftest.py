"""Hypothesis draws the same examples on every machine and every run, and never fails for being slow."""

from hypothesis import settings

settings.register_profile("steeldome", derandomize=True, deadline=None)
settings.load_profile("steeldome")
