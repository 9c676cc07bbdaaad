"""The StreamField blocks of steps, derived from the options of each kind."""
