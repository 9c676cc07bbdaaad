"""One module for each group of rows. A room that is measured adds its own module here."""
