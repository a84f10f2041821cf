"""Sprechzeit: an appointment planner for medical practices."""
