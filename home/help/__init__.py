"""Help inside of the product: chapters for staff, editors and administrators."""
