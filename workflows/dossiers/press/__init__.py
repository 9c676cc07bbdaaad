"""Makes papers of templates, in a process of its own that may do nothing else."""
