"""How letters of ticket numbers and labels are said by name: one written table. Pure.

Vowels stay letters, consonants get their name (Б «бэ», К «ка», Р «эр»; domain §11). Latin letters
are named in Russian and Kazakh as schools there name them. A hyphen in the table is said as a pause.
"""

from __future__ import annotations

from server.sdk.messages import LANGUAGES, Language

_TABLE = """
letter ru kk en
А А А A
Ә Ә Ә a
Б бэ бе beh
В вэ ве veh
Г гэ ге geh
Ғ гъэ ға gha
Д дэ де deh
Е Е Е yeh
Ё Ё Ё yo
Ж жэ же zheh
З зэ зе zeh
И И И ee
Й и-краткое қысқа-и y
К ка ка kah
Қ къа қа qa
Л эль эл el
М эм эм em
Н эн эн en
Ң энг ең eng
О О О O
Ө Ө Ө oe
П пэ пе peh
Р эр эр er
С эс эс ess
Т тэ те teh
У У У oo
Ұ Ұ Ұ u
Ү Ү Ү ue
Ф эф эф ef
Х ха ха khah
Һ һа һа ha
Ц цэ це tseh
Ч че че cheh
Ш ша ша shah
Щ ща ща shchah
Ъ твёрдый-знак айыру-белгісі hard-sign
Ы Ы Ы y
І І І i
Ь мягкий-знак жіңішкелік-белгісі soft-sign
Э Э Э eh
Ю Ю Ю yoo
Я Я Я yah
A А А A
B бэ бэ B
C цэ цэ C
D дэ дэ D
E Е Е E
F эф эф F
G жэ жэ G
H аш аш H
I И И I
J йот йот J
K ка ка K
L эль эль L
M эм эм M
N эн эн N
O О О O
P пэ пэ P
Q ку ку Q
R эр эр R
S эс эс S
T тэ тэ T
U У У U
V вэ вэ V
W дубль-вэ дубль-вэ W
X икс икс X
Y игрек игрек Y
Z зет зет Z
"""

_NAMES: dict[Language, dict[str, str]] = {
    language: {
        row.split()[0]: row.split()[column].replace("-", " ") for row in _TABLE.strip().splitlines()[1:]
    }
    for column, language in enumerate(LANGUAGES, start=1)
}
LETTERS = frozenset(_NAMES["ru"])
"""Every capital letter that has a name."""


def letter_name(letter: str, language: Language) -> str:
    """The name of ``letter`` (either case) in ``language``; raises ``KeyError`` for anything else."""
    return _NAMES[language][letter.upper()]
