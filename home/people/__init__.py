"""User, department tree, position, membership; who stands for whom."""
