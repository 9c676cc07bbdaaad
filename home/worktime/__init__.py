"""Working hours, holidays and make-up days, deadline arithmetic."""
