"""What all mails have in common: the subject that arrives is the one that was written."""

from email import message_from_bytes, policy

import pytest

from eventtypes.emails import Mail

SUBJECTS = [
    "Confirmed: Discovery call with Ada Host, 3 Dec 2026, 04:00",
    "Please confirm the new time: Office hour (I confirm) with José María Núñez, 14 Mar 2027, 07:00",
    "Confirmed: Einführung für neue Kolleginnen with Jürgen Müller, 14 Mar 2027, 07:00",
    "New booking: Office hour (I confirm) with Zoë 🦊 O’Brien, 13 Jan 2027, 11:00",
    "New booking: פגישת ייעוץ ראשונה with \u2068عائشة عبد الرحمن\u2069, 25 Jan 2027, 10:00",
    f"Reminder: {'Donaudampfschifffahrtsgesellschaftskapitän' * 3} with {'w' * 100}, 14 Mar 2027, 07:00",
]


@pytest.mark.parametrize("wire", [policy.default, policy.SMTP])
@pytest.mark.parametrize("subject", SUBJECTS)
def test_subject_arrives_as_it_was_written(subject: str, wire: policy.EmailPolicy) -> None:
    mail = Mail(subject, "Hello", to=["iris@example.com"])

    arrived = message_from_bytes(mail.message(policy=wire).as_bytes(), policy=policy.default)

    assert arrived["Subject"] == subject
