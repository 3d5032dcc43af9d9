"""What is wrong with a section of a workflow file, in one line for the chemist."""

import difflib
from typing import Any, TypeVar

import msgspec
from pydantic import BaseModel

from actinic.errors import InputError

T = TypeVar("T", bound=msgspec.Struct)


def settings_of(kind: type[T], given: dict[str, Any], section: str) -> T:
    """Settings of a calculation from a section as given; raises InputError naming the key."""
    known = [field.name for field in msgspec.structs.fields(kind)]
    for key in given:
        if key not in known:
            raise InputError(f"{section}.{key}: unknown key{nearest(key, known)}")
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise InputError(f"{section}: {error}") from error


def nearest(key: str, known: list[str]) -> str:
    """What the key may have been meant to be."""
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return f", did you mean {close[0]!r}?" if close else f"; known are {', '.join(sorted(known))}"


def problem(model: type[BaseModel], error: dict[str, Any]) -> str:
    """One line for the chemist from one of pydantic's errors."""
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"{where}: unknown key{nearest(str(error['loc'][-1]), _known_keys(model, error['loc'][:-1]))}"
    if error["type"] == "missing":
        return f"{where}: missing"
    return f"{where} = {error['input']!r}: {error['msg'].removeprefix('Value error, ')}"


def _known_keys(model: type[BaseModel], location: tuple[str | int, ...]) -> list[str]:
    """Field names of the section at `location`."""
    for part in location:
        if isinstance(part, str) and part in model.model_fields:
            inner = _model_in(model.model_fields[part].annotation)
            model = inner or model
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The section type inside Optional[...] or tuple[...]."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found is not None:
            return found
    return None
