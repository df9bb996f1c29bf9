"""What things are: frozen, validated, serialisable inputs without behaviour."""
