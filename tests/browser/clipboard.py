"""What a page has copied, seen as people see it: by pasting. Pages of the site may not read the clipboard."""

from playwright.sync_api import Page


def pasted(page: Page) -> str:
    """Return what is in the clipboard, pasted into an empty page that opens beside the page."""
    paper = page.context.new_page()
    paper.set_content("<textarea></textarea>")
    field = paper.locator("textarea")
    field.press("ControlOrMeta+V")
    text = field.input_value()
    paper.close()
    return text
