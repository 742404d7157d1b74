"""Tests of the firmware of pads and signs: its core natively, its images in simavr."""
