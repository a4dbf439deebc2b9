"""Where a request comes from, as far as that can be believed."""

import re
from ipaddress import IPv6Address, IPv6Network, ip_address

# Whoever has an IPv6 address has all of its network: a household or a server gets at least so much.
IPV6_PREFIX = 64
# Some proxies add the port, which is another one for each connection.
WITH_PORT = re.compile(r"(\[[^]]*\]|[0-9.]+):[0-9]+")


def client_address(remote: str, forwarded_for: str, trusted_proxies: int) -> str:
    """Return the address of the client, or its network for IPv6, in one spelling.

    `remote` is who has connected, `forwarded_for` the X-Forwarded-For header: each proxy adds at its end whom it has
    spoken to, so of its entries as many are believed, from the end, as there are proxies of ours. What a client has
    put in front of them counts for nothing. Nonsense stays as it is: it is limited like an address.
    """
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    if not trusted_proxies or len(hops) < trusted_proxies:
        return _in_one_spelling(remote)
    return _in_one_spelling(hops[-trusted_proxies])


def _in_one_spelling(text: str) -> str:
    with_port = WITH_PORT.fullmatch(text)
    try:
        address = ip_address((with_port[1] if with_port else text).strip("[]").partition("%")[0])
    except ValueError:
        return text[:100]
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((address, IPV6_PREFIX), strict=False).network_address)
