"""Addresses where something goes wrong, each in its own way."""

import os

import psycopg
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from psycopg_pool import PoolTimeout

handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"


@login_not_required
def database_error(request: HttpRequest, code: str) -> HttpResponse:
    """Let the database raise the error with the code."""
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$")
    return HttpResponse()


@login_not_required
def exhausted_pool(request: HttpRequest) -> HttpResponse:
    """Fail as the pool does when all its connections are busy for too long."""
    raise PoolTimeout("couldn't get a connection after 10.00 sec")


@login_not_required
def no_server(request: HttpRequest) -> HttpResponse:
    """Connect to where no server is."""
    psycopg.connect("postgresql://postgres@/postgres?host=/nowhere")
    return HttpResponse()


@login_not_required
def lost_connection(request: HttpRequest) -> HttpResponse:
    """Go on with a connection that is closed."""
    to_the_database = psycopg.connect(os.environ["DATABASE_URL"])
    to_the_database.close()
    to_the_database.execute("SELECT 1")
    return HttpResponse()


@login_not_required
def mistake(request: HttpRequest) -> HttpResponse:
    """Make a mistake of our own."""
    raise LookupError("There is no such thing.")


@login_not_required
def mistake_about_a_mistake(request: HttpRequest) -> HttpResponse:
    """Make a mistake of our own while answering for the database."""
    try:
        return no_server(request)
    except psycopg.OperationalError:
        return mistake(request)


@login_not_required
def forbidden(request: HttpRequest) -> HttpResponse:
    """Refuse."""
    raise PermissionDenied


@login_not_required
def form(request: HttpRequest) -> HttpResponse:
    """Take a form."""
    return HttpResponse()


urlpatterns = [
    path("database/<str:code>/", database_error),
    path("exhausted-pool/", exhausted_pool),
    path("no-server/", no_server),
    path("lost-connection/", lost_connection),
    path("mistake/", mistake),
    path("mistake-about-a-mistake/", mistake_about_a_mistake),
    path("forbidden/", forbidden),
    path("form/", form),
]
