"""Validations from the shipped calculations, made once for all tests that read them."""

from functools import cache

from actinic.validation_absorption import AbsorptionValidation, validate_absorption
from actinic.validation_levels import LevelValidation, validate_levels


@cache
def shipped_absorption() -> AbsorptionValidation:
    """Of absorption, at the level of the presets."""
    return validate_absorption()


@cache
def shipped_levels() -> LevelValidation:
    """Of levels."""
    return validate_levels()
