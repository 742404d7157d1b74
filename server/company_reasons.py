"""Reasons and results in the company's file: ``[offices.reasons]``; the defaults suit most offices."""

from __future__ import annotations

from collections import Counter

from pydantic import Field, model_validator

from server.domain.office import OTHER
from server.sdk.messages import Code, Names
from server.sdk.settings import Settings


def doubled(what: str, names: list[str]) -> list[str]:
    """A sentence for each of ``names`` that is there more than once."""
    return [f"{what} {name} is given twice" for name, count in Counter(names).items() if count > 1]


class ChoiceSettings(Settings):
    """A reason or a result: its code goes into the log, its name to the screens."""

    code: Code
    name: Names


def _choices(**names: tuple[str, str, str]) -> list[ChoiceSettings]:
    return [
        ChoiceSettings(code=code.replace("_", "-"), name={"ru": ru, "kk": kk, "en": en})
        for code, (ru, kk, en) in names.items()
    ]


class ReasonsSettings(Settings):
    """``[offices.reasons]``: what staff choose from; ``results`` is how a service may end.

    ``low_marks`` is what visitors choose from after a low mark, ``corrections`` what managers choose from
    who correct a visit's figures; «other» is always offered beside them.
    """

    call: list[ChoiceSettings] = _choices(
        small_child=("С маленьким ребёнком", "Кішкентай баламен", "With a small child"),
        poor_health=("Плохо себя чувствует", "Өзін нашар сезінеді", "Feels unwell"),
        short_question=("Короткий вопрос", "Қысқа сұрақ", "Short question"),
        came_back=("Вернулся с документами", "Құжаттармен оралды", "Came back with documents"),
        held_ready=("Был отложен, готов", "Кейінге қалдырылған, дайын", "Was put aside, is ready"),
        by_manager=("По указанию руководителя", "Басшының нұсқауымен", "By the manager's order"),
    )
    hold: list[ChoiceSettings] = _choices(
        fills_form=("Заполняет заявление", "Өтініш толтыруда", "Fills in a form"),
        fetches_documents=("Ушёл за документами", "Құжаттарға кетті", "Fetches documents"),
        pays=("Оплачивает", "Төлеп жатыр", "Is paying"),
        waits_for_colleague=("Ждёт специалиста", "Маманды күтуде", "Waits for a colleague"),
    )
    breaks: list[ChoiceSettings] = _choices(
        lunch=("Обед", "Түскі үзіліс", "Lunch"),
        technical=("Технический перерыв", "Техникалық үзіліс", "Technical break"),
        training=("Обучение", "Оқу", "Training"),
        paperwork=("Документооборот", "Құжат айналымы", "Paperwork"),
    )
    annul: list[ChoiceSettings] = _choices(
        test=("Проверка", "Тексеру", "Test"),
        by_mistake=("Взят по ошибке", "Қателесіп алынған", "Taken by mistake"),
        twice=("Взят дважды", "Екі рет алынған", "Taken twice"),
    )
    results: list[ChoiceSettings] = Field(default_factory=list)
    low_marks: list[ChoiceSettings] = _choices(
        long_wait=("Долгое ожидание", "Ұзақ күту", "Long wait"),
        rude=("Невежливое обслуживание", "Сыпайы емес қызмет көрсету", "Rude service"),
        not_solved=("Вопрос не решён", "Мәселе шешілмеді", "Question not solved"),
        not_explained=("Непонятное объяснение", "Анық түсіндірілмеді", "Unclear explanation"),
    )
    corrections: list[ChoiceSettings] = _choices(
        forgot_finish=("Не нажали «Завершить»", "«Аяқтау» басылмаған", "«Finish» was not pressed"),
        forgot_start=("Не нажали «Начать»", "«Бастау» басылмаған", "«Start» was not pressed"),
        wrong_ticket=("Вызван не тот талон", "Басқа талон шақырылған", "The wrong ticket was called"),
        technical_fault=("Технический сбой", "Техникалық ақау", "Technical fault"),
        test=("Проверка", "Тексеру", "Test"),
    )

    @model_validator(mode="after")
    def _each_once(self) -> ReasonsSettings:
        faults = []
        for kind in type(self).model_fields:
            codes = [choice.code for choice in getattr(self, kind)]
            faults += doubled(f"{kind} reason", codes)
            if OTHER in codes:
                faults.append(f"{kind}: «{OTHER}» stands for own words: choose another code")
        if faults:
            raise ValueError("; ".join(faults))
        return self
