"""What it means, on paper: one self-contained HTML file with figures, map, sources and how to reproduce it."""
