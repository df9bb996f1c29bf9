"""The edge: what a person types, reads and clicks."""
