"""What load balancers and monitors ask: whether this process is alive, and whether the site can do its work."""

from datetime import timedelta
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.vital_signs import longest_waiting_mail, unapplied_migrations, worker_silence

# Workers give a sign of life every ten seconds.
LONGEST_SILENCE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)

# Without these no booking can be taken; a silent worker and waiting mail only make the mail late.
VITAL = ("database", "migrations")


@never_cache
@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process is alive. It asks nothing else, so that a trouble of the database kills no web server."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say what works, and answer 503 while bookings cannot be taken.

    A load balancer need not turn away from a machine because mail is late, so that is just told. For who asks for
    `?strict`, as monitors do, it is a 503 too.
    """
    checks = _look()
    is_ready, is_well = all(checks[name] for name in VITAL), all(checks.values())
    is_fine = is_well if "strict" in request.GET else is_ready
    answer = {
        "status": "ok" if is_well else "degraded" if is_ready else "unavailable",
        "checks": {name: "ok" if holds else "failing" for name, holds in checks.items()},
    }
    return JsonResponse(answer, status=HTTPStatus.OK if is_fine else HTTPStatus.SERVICE_UNAVAILABLE)


def _look() -> dict[str, bool]:
    """Return what holds; nothing does without the database, which is asked once only if it is away."""
    checks = dict.fromkeys(("database", "migrations", "worker", "mail"), False)
    try:
        checks["migrations"] = unapplied_migrations() == 0
        checks["database"] = True
        silence = worker_silence()
        checks["worker"] = silence is not None and silence < LONGEST_SILENCE
        checks["mail"] = longest_waiting_mail() < LONGEST_WAIT
    except Error:
        # What was not asked any more does not hold.
        return checks
    return checks
