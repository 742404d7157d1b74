"""How the board's sound, voice and slides stand, in words for staff with the cure of each fault."""

from __future__ import annotations

from collections.abc import Sequence

from server.sdk.catalogues import words
from server.sdk.messages import Language, VoiceMode
from server.sdk.terminal_messages import DevicePart, PartState

LONGEST = 300


def parts(
    language: str,
    mode: VoiceMode,
    spoken: Sequence[Language],
    engines: dict[str, list[str]],
    sound_fault: str | None,
    slides_fault: str | None,
) -> list[DevicePart]:
    """The parts of a board. ``engines``: what can speak each language; ``spoken``: what it speaks."""
    _ = words("display", language).gettext
    found = [_part(_("Loudspeaker"), "fault", sound_fault)]
    if mode == "voice":
        mute = [one for one in spoken if not engines.get(one)]
        cure = _("No voice for: %(languages)s. Install espeak-ng or RHVoice, or record clips.")
        found.append(_part(_("Voice"), "warning", cure % {"languages": ", ".join(mute)} if mute else None))
    found.append(_part(_("Slides"), "warning", slides_fault))
    return found


def _part(name: str, state: PartState, fault: str | None) -> DevicePart:
    return DevicePart(name=name, state=state if fault else "ok", fault=(fault or "")[:LONGEST])
