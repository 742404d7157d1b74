"""Where the files shared by all pages and the gettext catalogues lie, for programs that serve them."""

from pathlib import Path

BROWSER_FOLDER = Path(__file__).parent / "browser"
"""Style tokens, words, news and libraries for pages; every program serves it at ``/shared/``."""

TRANSLATIONS_FOLDER = Path(__file__).parent / "translations"
"""gettext catalogues, one domain per program: ``web``, ``kiosk``, ``display``, ``rating``."""
