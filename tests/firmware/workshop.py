"""Builds what the tests of the firmware run: the images, the harness, the core as a native program."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge import c_header
from tests.needs import need

FIRMWARE = c_header.HEADER.parent
HERE = Path(__file__).parent
PICTURES = ("digits", "matrix")
_CORE = ("frame", "journal", "talk", "debounce", "pad", "sign", "letters")


@dataclass(frozen=True)
class Workshop:
    """Where everything was built, and what `make` said of it."""

    folder: Path
    said: str

    @property
    def harness(self) -> Path:
        """The program that runs images in simavr."""
        return self.folder / "harness"

    def image(self, name: str) -> Path:
        """An image by name, as its .elf."""
        return self.folder / f"{name}.elf"


def build_images(folder: Path) -> Workshop:
    """Images by the firmware's own Makefile, and the harness."""
    need("avr-gcc")
    need("simavr")
    said = run("make", "-j2", "-C", FIRMWARE, f"BUILD={folder}")
    flags = ["-std=gnu99", "-O2", "-Wall", "-Wextra", "-Werror"]
    sources = [HERE / "harness.c", HERE / "simulated.c"]
    run("gcc", *flags, *sources, "-o", folder / "harness", "-lsimavr", "-lelf", "-lutil")
    return Workshop(folder, said)


def build_native(folder: Path, picture: str) -> Path:
    """The core with one of the pictures, watched by the sanitizers."""
    need("gcc")
    program = folder / f"native_{picture}"
    sources = [FIRMWARE / "core" / f"{name}.c" for name in (*_CORE, f"picture_{picture}")]
    flags = ["-std=c99", "-g", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fshort-enums"]
    flags += ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    folders = [f"-I{FIRMWARE}", f"-I{FIRMWARE / 'core'}"]
    run("gcc", *flags, *folders, HERE / "native_device.c", *sources, "-o", program)
    return program


def run(*command: object) -> str:
    """What a command says; fails with it when the command does."""
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, f"{command[0]}:\n{done.stdout}{done.stderr}"
    return done.stdout
