"""Runs arrays: knows no file, no id, no picture. What one replication does stands in ``docs/engine.md``."""
