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


WRITTEN = """
0 | ноль | нөл | нөлінші | zero
1 | один | бір | бірінші | one
2 | два | екі | екінші | two
3 | три | үш | үшінші | three
4 | четыре | төрт | төртінші | four
5 | пять | бес | бесінші | five
6 | шесть | алты | алтыншы | six
7 | семь | жеті | жетінші | seven
8 | восемь | сегіз | сегізінші | eight
9 | девять | тоғыз | тоғызыншы | nine
10 | десять | он | оныншы | ten
11 | одиннадцать | он бір | он бірінші | eleven
12 | двенадцать | он екі | он екінші | twelve
13 | тринадцать | он үш | он үшінші | thirteen
14 | четырнадцать | он төрт | он төртінші | fourteen
15 | пятнадцать | он бес | он бесінші | fifteen
16 | шестнадцать | он алты | он алтыншы | sixteen
17 | семнадцать | он жеті | он жетінші | seventeen
18 | восемнадцать | он сегіз | он сегізінші | eighteen
19 | девятнадцать | он тоғыз | он тоғызыншы | nineteen
20 | двадцать | жиырма | жиырмасыншы | twenty
21 | двадцать один | жиырма бір | жиырма бірінші | twenty-one
22 | двадцать два | жиырма екі | жиырма екінші | twenty-two
30 | тридцать | отыз | отызыншы | thirty
34 | тридцать четыре | отыз төрт | отыз төртінші | thirty-four
40 | сорок | қырық | қырқыншы | forty
47 | сорок семь | қырық жеті | қырық жетінші | forty-seven
50 | пятьдесят | елу | елуінші | fifty
55 | пятьдесят пять | елу бес | елу бесінші | fifty-five
60 | шестьдесят | алпыс | алпысыншы | sixty
66 | шестьдесят шесть | алпыс алты | алпыс алтыншы | sixty-six
70 | семьдесят | жетпіс | жетпісінші | seventy
78 | семьдесят восемь | жетпіс сегіз | жетпіс сегізінші | seventy-eight
80 | восемьдесят | сексен | сексенінші | eighty
89 | восемьдесят девять | сексен тоғыз | сексен тоғызыншы | eighty-nine
90 | девяносто | тоқсан | тоқсаныншы | ninety
91 | девяносто один | тоқсан бір | тоқсан бірінші | ninety-one
99 | девяносто девять | тоқсан тоғыз | тоқсан тоғызыншы | ninety-nine
100 | сто | жүз | жүзінші | one hundred
101 | сто один | жүз бір | жүз бірінші | one hundred one
110 | сто десять | жүз он | жүз оныншы | one hundred ten
111 | сто одиннадцать | жүз он бір | жүз он бірінші | one hundred eleven
123 | сто двадцать три | жүз жиырма үш | жүз жиырма үшінші | one hundred twenty-three
140 | сто сорок | жүз қырық | жүз қырқыншы | one hundred forty
200 | двести | екі жүз | екі жүзінші | two hundred
202 | двести два | екі жүз екі | екі жүз екінші | two hundred two
219 | двести девятнадцать | екі жүз он тоғыз | екі жүз он тоғызыншы | two hundred nineteen
300 | триста | үш жүз | үш жүзінші | three hundred
345 | триста сорок пять | үш жүз қырық бес | үш жүз қырық бесінші | three hundred forty-five
400 | четыреста | төрт жүз | төрт жүзінші | four hundred
456 | четыреста пятьдесят шесть | төрт жүз елу алты | төрт жүз елу алтыншы | four hundred fifty-six
500 | пятьсот | бес жүз | бес жүзінші | five hundred
512 | пятьсот двенадцать | бес жүз он екі | бес жүз он екінші | five hundred twelve
600 | шестьсот | алты жүз | алты жүзінші | six hundred
678|шестьсот семьдесят восемь|алты жүз жетпіс сегіз|алты жүз жетпіс сегізінші|six hundred seventy-eight
700 | семьсот | жеті жүз | жеті жүзінші | seven hundred
717 | семьсот семнадцать | жеті жүз он жеті | жеті жүз он жетінші | seven hundred seventeen
800 | восемьсот | сегіз жүз | сегіз жүзінші | eight hundred
830 | восемьсот тридцать | сегіз жүз отыз | сегіз жүз отызыншы | eight hundred thirty
900 | девятьсот | тоғыз жүз | тоғыз жүзінші | nine hundred
909 | девятьсот девять | тоғыз жүз тоғыз | тоғыз жүз тоғызыншы | nine hundred nine
990 | девятьсот девяносто | тоғыз жүз тоқсан | тоғыз жүз тоқсаныншы | nine hundred ninety
999|девятьсот девяносто девять|тоғыз жүз тоқсан тоғыз|тоғыз жүз тоқсан тоғызыншы|nine hundred ninety-nine
"""
"""Number, Russian, Kazakh, Kazakh ordinal, English: written by hand, not by a rule."""


@pytest.mark.parametrize("line", WRITTEN.strip().splitlines())
def test_number_words_of_the_written_table(line: str) -> None:
    number, ru, kk, ordinal, en = (part.strip() for part in line.split("|"))
    assert [" ".join(cardinal(int(number), language)) for language in ("ru", "kk", "en")] == [ru, kk, en]
    assert " ".join(kazakh_ordinal(kk.split())) == ordinal


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
        (
            "kk",
            "А999",
            "21",
            "window",
            "А тоғыз жүз тоқсан тоғыз нөмірлі талон иесі, жиырма бірінші терезеге келіңіз",
        ),
        ("kk", "Б040", "40", "window", "бе қырық нөмірлі талон иесі, қырқыншы терезеге келіңіз"),
        ("kk", "Қ090", "90", "room", "қа тоқсан нөмірлі талон иесі, тоқсаныншы кабинетке келіңіз"),
        ("kk", "А100", "100", "room", "А жүз нөмірлі талон иесі, жүзінші кабинетке келіңіз"),
        ("kk", "15", "Касса", "counter", "он бес нөмірлі талон иесі, Касса үстеліне келіңіз"),
        ("kk", "15", "Касса", "window", "он бес нөмірлі талон иесі, Касса терезесіне келіңіз"),
        ("kk", "15", "Архив", "room", "он бес нөмірлі талон иесі, Архив кабинетіне келіңіз"),
        ("ru", "Р002", "3", "window", "Талон номер эр два, подойдите к окну три"),
        (
            "ru",
            "АБ999",
            "40",
            "room",
            "Талон номер А бэ девятьсот девяносто девять, подойдите к кабинету сорок",
        ),
        ("ru", "Ж021", "Б", "counter", "Талон номер жэ двадцать один, подойдите к стойке бэ"),
        ("en", "Б040", "Cash", "counter", "Ticket beh forty, please go to counter Cash"),
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
