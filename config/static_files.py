"""How static files are stored for serving: compressed, and under names that change with their contents."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise brings no types
    """Renames what one JavaScript module imports from another as well; only the renamed files are kept."""

    support_js_module_import_aggregation = True
