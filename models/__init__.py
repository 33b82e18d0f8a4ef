"""What is stored (tables) and what is computed from it (scoring)."""
