"""Leading to another address of the same page."""

from django.http import HttpRequest, HttpResponseRedirect


def redirect_with_query(request: HttpRequest, address: str) -> HttpResponseRedirect:
    """Lead to the address, with the query of this one as it is."""
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{address}?{query}" if query else address)
