"""Commands about the whole site: parse, call, report."""
