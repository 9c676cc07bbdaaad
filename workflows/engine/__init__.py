"""Compiler to viewflow flows, runtime, decisions, timers."""
