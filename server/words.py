"""Words in three languages: collects message ids from the sources, compiles the gettext catalogues.

``python -m server.words`` compiles (``.mo`` for programs, JSON for pages; part of ``make setup``);
``python -m server.words --update`` first adds new ids to the ``.po`` files and drops dead ones.
The message id is the English text, so English needs no catalogue.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from server.sdk.shared_files import BROWSER_FOLDER, TRANSLATIONS_FOLDER

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {"ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
             "(n%100<12 || n%100>14) ? 1 : 2);", "kk": "nplurals=1; plural=0;"}  # fmt: skip
DOMAINS = {
    "web": ("server",),
    "kiosk": ("kiosk",),
    "display": ("display",),
    "rating": ("rating_button",),
    "bridge": ("firmware_bridge",),
}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**.js", "javascript")]
SKIPPED = ("lib", "node_modules", "words", "translations")


def main(arguments: list[str]) -> int:
    """Compile all catalogues; with ``--update`` collect message ids first. Returns the exit code."""
    for domain in DOMAINS:
        for language in LANGUAGES:
            if "--update" in arguments:
                update(domain, language)
            compile_catalogue(domain, language)
    return 0


def source_ids(domain: str) -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Every message id that the sources of ``domain`` mark, with the file that marks it."""
    for folder in DOMAINS[domain]:
        found = extract_from_dir(
            ROOT / folder,
            METHODS,
            keywords={"_": None, "gettext": None, "ngettext": (1, 2), "N_": None},
            directory_filter=lambda path: Path(path).name not in SKIPPED,
        )
        for file, _line, message, _comments, _context in found:
            yield message, f"{folder}/{file}"


def read(domain: str, language: str) -> Catalog:
    """The catalogue as translators left it; empty when there is none yet."""
    path = po_path(domain, language)
    if not path.exists():
        return Catalog(locale=language, domain=domain)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def po_path(domain: str, language: str) -> Path:
    """Where the ``.po`` of a domain lies."""
    return TRANSLATIONS_FOLDER / language / "LC_MESSAGES" / f"{domain}.po"


def update(domain: str, language: str) -> None:
    """Bring the ``.po`` file in step with the sources: new ids empty, dead ids gone, order stable."""
    old = read(domain, language)
    new = Catalog(locale=language, domain=domain, fuzzy=False, charset="utf-8", header_comment="")
    new.mime_headers = [("Plural-Forms", LANGUAGES[language])]  # Babel's own count for kk differs
    files: dict[str | tuple[str, ...], set[str]] = {}
    for message, file in source_ids(domain):
        files.setdefault(message, set()).add(file)
    for message in sorted(files, key=lambda item: (sorted(files[item])[0], str(item))):
        known = old.get(message)
        new.add(message, known.string if known else None, locations=[(f, 0) for f in sorted(files[message])])
    buffer = io.BytesIO()
    write_po(buffer, new, omit_header=True, width=110, include_lineno=False)
    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {LANGUAGES[language]}\\n"\n\n'
    )
    po_path(domain, language).parent.mkdir(parents=True, exist_ok=True)
    po_path(domain, language).write_text(header + buffer.getvalue().decode(), "utf-8")


def compile_catalogue(domain: str, language: str) -> None:
    """Write ``.mo`` beside the ``.po``, and the JSON that pages fetch."""
    catalogue = read(domain, language)
    target = po_path(domain, language).with_suffix(".mo")
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_mo(file, catalogue)
    words = {}
    for message in catalogue:
        if message.id and message.string:
            key = message.id if isinstance(message.id, str) else message.id[0]
            words[key] = message.string if isinstance(message.string, str) else list(message.string)
    folder = BROWSER_FOLDER / "words"
    folder.mkdir(exist_ok=True)
    text = json.dumps(words, ensure_ascii=False, sort_keys=True)
    (folder / f"{domain}.{language}.json").write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
