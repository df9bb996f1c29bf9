"""A second engine in plain Python, written from `docs/engine.md` alone, and the scenarios that try both."""
