"""What happened: columns, never objects."""
