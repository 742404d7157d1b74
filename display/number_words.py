"""Number words for announcements: 0–999 in Russian, Kazakh and English, ordinals in Kazakh. Pure.

Own tables instead of a library: Russian needs the nominative masculine, English goes without
"and", and Kazakh needs ordinals, which number libraries do not have (domain §11).
"""

from __future__ import annotations

from dataclasses import dataclass

from server.sdk.messages import Language

LARGEST = 999


@dataclass(frozen=True)
class NumberWords:
    """The words of one language; index 0 of ``tens`` and ``hundreds`` stands for 0 and is empty."""

    units: tuple[str, ...]
    tens: tuple[str, ...]
    hundreds: tuple[str, ...]
    hyphen: bool = False


_RU_TEENS = "одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать"
_RU_HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот"
_KK_UNITS = "нөл бір екі үш төрт бес алты жеті сегіз тоғыз"
_KK_TENS = "он жиырма отыз қырық елу алпыс жетпіс сексен тоқсан"
_EN_UNITS = "zero one two three four five six seven eight nine"
_EN_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"


def _russian() -> NumberWords:
    units = f"ноль один два три четыре пять шесть семь восемь девять десять {_RU_TEENS} девятнадцать"
    tens = "десять двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто"
    return NumberWords(tuple(units.split()), ("", *tens.split()), ("", *_RU_HUNDREDS.split()))


def _kazakh() -> NumberWords:
    units, tens = _KK_UNITS.split(), _KK_TENS.split()
    teens = ["он", *(f"он {unit}" for unit in units[1:])]
    hundreds = ["жүз", *(f"{unit} жүз" for unit in units[2:])]
    return NumberWords((*units, *teens), ("", *tens), ("", *hundreds))


def _english() -> NumberWords:
    units = _EN_UNITS.split()
    tens = "ten twenty thirty forty fifty sixty seventy eighty ninety"
    hundreds = [f"{unit} hundred" for unit in units[1:]]
    return NumberWords((*units, *_EN_TEENS.split()), ("", *tens.split()), ("", *hundreds), hyphen=True)


_WORDS: dict[Language, NumberWords] = {"ru": _russian(), "kk": _kazakh(), "en": _english()}

_KK_ORDINALS = {
    **{"бір": "бірінші", "екі": "екінші", "үш": "үшінші", "төрт": "төртінші", "бес": "бесінші"},
    **{"алты": "алтыншы", "жеті": "жетінші", "сегіз": "сегізінші", "тоғыз": "тоғызыншы"},
    **{"он": "оныншы", "жиырма": "жиырмасыншы", "отыз": "отызыншы", "қырық": "қырқыншы"},
    **{"елу": "елуінші", "алпыс": "алпысыншы", "жетпіс": "жетпісінші", "сексен": "сексенінші"},
    **{"тоқсан": "тоқсаныншы", "жүз": "жүзінші", "нөл": "нөлінші"},
}


def cardinal(number: int, language: Language) -> list[str]:
    """The words of ``number`` (0–999): ``(123, "ru")`` → ``["сто", "двадцать", "три"]``.

    Russian is nominative masculine («один», «два»). Raises ``ValueError`` outside 0–999.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"no words for {number}: only 0–{LARGEST} are read as one number")
    words = _WORDS[language]
    hundreds, rest = divmod(number, 100)
    parts = [words.hundreds[hundreds]] if hundreds else []
    if rest < 20:
        if rest or not hundreds:
            parts.append(words.units[rest])
    else:
        tens, unit = divmod(rest, 10)
        if unit and words.hyphen:
            parts.append(f"{words.tens[tens]}-{words.units[unit]}")
        else:
            parts.append(words.tens[tens])
            if unit:
                parts.append(words.units[unit])
    return " ".join(parts).split()


def spoken_digits(digits: str, language: Language) -> list[str]:
    """The words of digits as printed on a ticket or door; leading zeros are silent (``"007"`` → «семь»).

    Four digits, as on doors of tall houses, are read in pairs: ``"1205"`` → «двенадцать ноль пять».
    Raises ``ValueError`` for more than four.
    """
    number = int(digits)
    if number <= LARGEST:
        return cardinal(number, language)
    if number > 9999:
        raise ValueError(f"no words for {digits}: at most four digits can be read")
    first, second = divmod(number, 100)
    zero = cardinal(0, language) if second < 10 else []
    return [*cardinal(first, language), *zero, *cardinal(second, language)]


def kazakh_ordinal(words: list[str]) -> list[str]:
    """The Kazakh ordinal: only the last word takes the ending («жиырма бес» → «жиырма бесінші»)."""
    return [*words[:-1], _KK_ORDINALS[words[-1]]]
