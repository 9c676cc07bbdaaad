"""The page that every page is: department, audience, `visible_to`."""
