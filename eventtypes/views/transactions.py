"""One transaction for a whole request, for views that write in several places and may meet a name just taken."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseBase


def in_one_transaction[Request: HttpRequest, **P, Response: HttpResponseBase](
    view: Callable[Concatenate[Request, P], Response],
) -> Callable[Concatenate[Request, P], Response]:
    """Let all that the view writes, jobs included, be stored together or not at all.

    If the database refuses what the view's form has found free, somebody else was quicker between the two. The view is
    asked once more: now its form finds the username or e-mail address taken, and says so beside the field.
    """

    @wraps(view)
    def view_in_transaction(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except IntegrityError:
            with transaction.atomic():
                return view(request, *args, **kwargs)

    return view_in_transaction
