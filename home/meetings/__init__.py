"""Meetings, rooms, the approved weekly schedule, calendar feeds."""
