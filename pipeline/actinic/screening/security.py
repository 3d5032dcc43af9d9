"""Credentials made for one run: whoever does not have them is turned away by scheduler and workers."""

import os
import stat
from pathlib import Path
from typing import Any

from actinic.errors import InputError

CERTIFICATE, KEY = "certificate.pem", "key.pem"
_ROLES = ("client", "scheduler", "worker")


def make_credentials(folder: Path) -> None:
    """Write a fresh certificate and its key, which only the user can read.

    One self-signed certificate serves all roles and is its own authority: who shows it, and nobody else,
    belongs to the run.

    Args:
        folder: Is made, and has to be new: on a file system that all machines of the run share.

    Raises:
        InputError: The folder exists, or the package that makes certificates is missing.
    """
    # Imported here: half a second, and only clusters need it.
    from distributed import Security  # noqa: PLC0415

    try:
        made = Security.temporary()
    except ImportError as error:
        raise InputError(
            "credentials need the package cryptography: pip install 'actinic[cluster]'"
        ) from error
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError as error:
        raise InputError(f"{folder}: exists; expected a new folder for the credentials") from error
    folder.chmod(0o700)
    for name, text in ((CERTIFICATE, made.tls_ca_file), (KEY, made.tls_client_key)):
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)


def security_of(folder: Path) -> Any:
    """What Dask needs to show and to ask for these credentials, as `distributed.Security`.

    Raises:
        InputError: The folder lacks them, or others than the user can read it.
    """
    refuse_what_others_read(folder)
    return named_security(folder.resolve())


def named_security(folder: Path) -> Any:
    """As `security_of`, for credentials that need not be there yet."""
    from distributed import Security  # noqa: PLC0415

    certificate, key = str(folder / CERTIFICATE), str(folder / KEY)
    files = {f"tls_{role}_cert": certificate for role in _ROLES} | {f"tls_{role}_key": key for role in _ROLES}
    return Security(require_encryption=True, tls_ca_file=certificate, **files)


def refuse_what_others_read(folder: Path) -> None:
    """Raises InputError when the credentials in `folder` are missing or no secret."""
    for path in (folder, folder / CERTIFICATE, folder / KEY):
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError as error:
            raise InputError(
                f"{path}: no credentials ({error.strerror}); `actinic credentials` makes them"
            ) from error
        if mode & 0o077:
            raise InputError(
                f"{path}: others may read or change it (mode {mode:o}); expected {mode & 0o700:o}"
            )
