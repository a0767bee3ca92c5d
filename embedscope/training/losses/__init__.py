"""Distillation losses: what a specialist's vectors of a batch teach the student's."""
