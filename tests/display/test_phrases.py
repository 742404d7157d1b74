"""Announcement wording: every number 1–999 in three languages, letters by name, points, odd labels."""

from __future__ import annotations

from itertools import product

import pytest
from num2words import num2words

from display.letter_names import LETTERS, letter_name
from display.number_words import cardinal, kazakh_ordinal, spoken_digits
from display.phrases import NUMBER, call_phrase
from server.domain.numbering import format_number, prefix_fault

ALL = range(1, 1000)


def test_every_russian_number_agrees_with_an_independent_library() -> None:
    assert [" ".join(cardinal(n, "ru")) for n in ALL] == [num2words(n, lang="ru") for n in ALL]


def test_every_kazakh_number_agrees_with_an_independent_library() -> None:
    assert [" ".join(cardinal(n, "kk")) for n in ALL] == [num2words(n, lang="kz") for n in ALL]


def test_every_english_number_agrees_with_an_independent_library_but_has_no_and() -> None:
    expected = [num2words(n, lang="en").replace(" and ", " ") for n in ALL]
    assert [" ".join(cardinal(n, "en")) for n in ALL] == expected


@pytest.mark.parametrize(
    ("number", "ru", "kk", "en"),
    [
        (0, "ноль", "нөл", "zero"),
        (1, "один", "бір", "one"),
        (2, "два", "екі", "two"),
        (10, "десять", "он", "ten"),
        (11, "одиннадцать", "он бір", "eleven"),
        (19, "девятнадцать", "он тоғыз", "nineteen"),
        (20, "двадцать", "жиырма", "twenty"),
        (40, "сорок", "қырық", "forty"),
        (90, "девяносто", "тоқсан", "ninety"),
        (100, "сто", "жүз", "one hundred"),
        (123, "сто двадцать три", "жүз жиырма үш", "one hundred twenty-three"),
        (200, "двести", "екі жүз", "two hundred"),
        (512, "пятьсот двенадцать", "бес жүз он екі", "five hundred twelve"),
        (999, "девятьсот девяносто девять", "тоғыз жүз тоқсан тоғыз", "nine hundred ninety-nine"),
    ],
)
def test_number_words_of_the_written_table(number: int, ru: str, kk: str, en: str) -> None:
    assert [" ".join(cardinal(number, language)) for language in ("ru", "kk", "en")] == [ru, kk, en]


@pytest.mark.parametrize("number", [-1, 1000])
def test_a_number_outside_the_table_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no words"):
        cardinal(number, "ru")


def test_every_kazakh_ordinal_follows_vowel_harmony_on_its_last_word_only() -> None:
    for number in ALL:
        words = cardinal(number, "kk")
        assert kazakh_ordinal(words) == [*words[:-1], _harmonic_ordinal(words[-1])]


def _harmonic_ordinal(word: str) -> str:
    """The grammar's rule, written apart from the product's table: -(ы/і)нші by the last vowel."""
    exceptions = {"жиырма": "жиырмасыншы", "қырық": "қырқыншы", "елу": "елуінші"}
    if word in exceptions:
        return exceptions[word]
    vowels = [letter for letter in word if letter in "аоұыәеөүіэ"]
    back = vowels[-1] in "аоұы"
    joint = "" if word[-1] in vowels else ("ы" if back else "і")
    return word + joint + ("ншы" if back else "нші")


@pytest.mark.parametrize(
    ("language", "number", "label", "kind", "text"),
    [
        ("ru", "А123", "5", "window", "Талон номер А сто двадцать три, подойдите к окну пять"),
        ("ru", "А007", "12", "window", "Талон номер А семь, подойдите к окну двенадцать"),
        ("ru", "К100", "205", "room", "Талон номер ка сто, подойдите к кабинету двести пять"),
        ("ru", "РА021", "1", "counter", "Талон номер эр А двадцать один, подойдите к стойке один"),
        ("ru", "B042", "5А", "window", "Талон номер бэ сорок два, подойдите к окну пять А"),
        ("ru", "15", "2-1", "window", "Талон номер пятнадцать, подойдите к окну два один"),
        ("ru", "П800", "Касса", "counter", "Талон номер пэ восемьсот, подойдите к стойке Касса"),
        ("ru", "А1", "1205", "room", "Талон номер А один, подойдите к кабинету двенадцать ноль пять"),
        ("kk", "А123", "5", "window", "А жүз жиырма үш нөмірлі талон иесі, бесінші терезеге келіңіз"),
        ("kk", "К040", "205", "room", "ка қырық нөмірлі талон иесі, екі жүз бесінші кабинетке келіңіз"),
        ("kk", "А006", "20", "counter", "А алты нөмірлі талон иесі, жиырмасыншы үстелге келіңіз"),
        ("kk", "А006", "5А", "window", "А алты нөмірлі талон иесі, бес А нөмірлі терезеге келіңіз"),
        ("en", "А123", "5", "window", "Ticket A one hundred twenty-three, please go to window five"),
        ("en", "K007", "21", "room", "Ticket K seven, please go to room twenty-one"),
    ],
)
def test_phrases_of_the_written_table(language: str, number: str, label: str, kind: str, text: str) -> None:
    assert call_phrase(language, number, label, kind).text == text  # type: ignore[arg-type]


def test_the_words_of_a_phrase_are_the_names_of_its_clips() -> None:
    words = call_phrase("ru", "Б021", "5", "window").words
    assert " ".join(words) == "талон номер бэ двадцать один подойдите к окну пять"


def test_every_prefix_the_server_allows_can_be_said_in_every_language() -> None:
    prefixes = [letter for letter in LETTERS if prefix_fault(letter) is None]
    assert len(prefixes) >= 40
    for prefix, language in product(prefixes, ("ru", "kk", "en")):
        number = format_number(prefix, 7)
        assert NUMBER.fullmatch(number)
        assert letter_name(prefix, language) in call_phrase(language, number, "1", "window").text


@pytest.mark.parametrize("letter", sorted(LETTERS))
def test_every_letter_of_the_three_alphabets_has_a_name_in_every_language(letter: str) -> None:
    assert NUMBER.fullmatch(letter + "1")
    assert all(letter_name(letter.lower(), language) for language in ("ru", "kk", "en"))


@pytest.mark.parametrize("number", ["", "А", "АБВГ1", "А12345", "А-1", "А1Б", "А1\n", "А 1", "١٢", "<b>1"])
def test_what_is_no_ticket_number_is_never_said(number: str) -> None:
    with pytest.raises(ValueError, match="not a ticket number"):
        call_phrase("ru", number, "5", "window")


@pytest.mark.parametrize("label", ["", " 5", "-", "1234567", "5\n", "$(x)", "окно!", "12345", "5;6"])
def test_what_is_no_label_is_never_said(label: str) -> None:
    with pytest.raises(ValueError, match=r"label|no words"):
        call_phrase("ru", "А1", label, "window")


def test_doors_of_four_digits_are_read_in_pairs() -> None:
    assert spoken_digits("1205", "ru") == ["двенадцать", "ноль", "пять"]
    assert spoken_digits("1210", "kk") == ["он", "екі", "он"]
    assert spoken_digits("0042", "en") == ["forty-two"]
