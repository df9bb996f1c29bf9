"""Hypothesis draws the same examples on every machine and every run; compiled code of other sources is never read."""

from hypothesis import settings

from steeldome.app.compiled_code_cache import use_compiled_code_cache

use_compiled_code_cache()
settings.register_profile("steeldome", derandomize=True, deadline=None)
settings.load_profile("steeldome")
