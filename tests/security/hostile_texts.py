"""Texts that are script to whoever takes them for more than text, and what sees that somebody has."""

import re
from html.parser import HTMLParser

# It stands in every hostile text, and in nothing of ours.
MARK = "x55"
HOSTILE = [
    f"<{MARK}><script>alert('{MARK}')</script>",
    f"</script><script>alert('{MARK}')</script>",
    f"\"><img src={MARK} onerror=alert('{MARK}')>",
    f"' onfocus='alert(/{MARK}/)' autofocus {MARK}='",
    f'" onmouseover="alert(/{MARK}/)" {MARK}="',
    f"</textarea></title></style><svg onload=alert('{MARK}')>",
    f"--><iframe srcdoc='<script>alert(/{MARK}/)</script>'>",
    f"javascript:alert('{MARK}')//",
    f"\tjava\nscript:alert('{MARK}')",
    f"data:text/html,<script>alert('{MARK}')</script>",
    f"https://{MARK}.example/\"onclick=alert('{MARK}')",
    f"[{MARK}](javascript:alert('{MARK}'))",
    f"&lt;script&gt;alert('{MARK}')&lt;/script&gt;",
    f"&#60;img src={MARK} onerror=alert()&#62;",
    f"{{{{ 1336|add:1 }}}}${{7*191}}{MARK}",
    f"${{alert('{MARK}')}}`\\u003cscript\\u003e",
    f"<svg><a xlink:href='javascript:alert(/{MARK}/)'><text>{MARK}",
    f"<math><mi//xlink:href='data:x,<script>alert(/{MARK}/)</script>'>",
    f"<details open ontoggle=alert('{MARK}')>\u2028\u202e",
    f"=HYPERLINK(\"javascript:alert('{MARK}')\",1)",
    f"+{MARK}|'/C calc'!A0",
    f"@SUM({MARK})",
    f"x\r\nATTENDEE:mailto:{MARK}@evil.example\r\nURL:javascript:alert('{MARK}')",
    f'";{MARK}=1:mailto:{MARK}@evil.example',
]
# What a template would make of the text that is one.
EVALUATED = "1337"
ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "xlink:href", "background", "srcset", "ping"}
OURS = re.compile(r"(https?:|webcal:|mailto:|tel:|[^:]*([/?#]|\Z))", re.IGNORECASE)

type Element = tuple[str, tuple[str, ...]]


class Detector(HTMLParser):
    """Reads a page as browsers do; `found` is what would be executed, `elements` is what the page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.elements: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(sorted(name for name, _value in attrs))))
        names = [tag, *(name for name, _value in attrs)]
        self.found += [f"<{tag}> has {name}" for name in names if MARK in name or name.startswith("on")]
        self.found += [f"<{tag}> leads to {value}" for name, value in attrs if name in ADDRESSES and _is_bad(value)]
        self.found += [f"<{tag}> contains a page" for name, _value in attrs if name == "srcdoc"]

    def handle_data(self, data: str) -> None:
        if self.cdata_elem in ("script", "style") and MARK in data:
            self.found.append(f"<{self.cdata_elem}> says {data}")
        if EVALUATED in data:
            self.found.append(f"evaluated: {data}")


def _is_bad(address: str | None) -> bool:
    """Tell whether the address has a scheme that none of ours has; browsers see no spaces and control characters."""
    seen = re.sub(r"[\x00-\x20]", "", address or "")
    return OURS.match(seen) is None


def look_at(page: str) -> Detector:
    """Return what a browser would find in the page."""
    detector = Detector()
    detector.feed(page)
    detector.close()
    return detector
