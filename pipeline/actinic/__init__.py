"""Screening of photo- and heat-labile molecules."""

__version__ = "0.1.0"
