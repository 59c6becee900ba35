"""Metrics of exercises: one number a repetition, or one over a hold."""
