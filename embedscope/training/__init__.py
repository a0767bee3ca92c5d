"""Specialists to one universal model: losses, samplers, and the run that trains in its own process."""
