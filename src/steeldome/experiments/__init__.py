"""What is asked: runs of engine and analysis together; the only rooms that start the engine."""
