"""The scripts behind `make`: small, typed, and free of anything that the site itself needs."""
