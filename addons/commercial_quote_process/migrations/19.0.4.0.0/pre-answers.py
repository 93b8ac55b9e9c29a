"""A dialog gives its name to the changes that clients ask for, which are kept."""


def migrate(cr, version):
    """Drop the rows of the dialog that was called ``quote.change.request``.

    They are those of dialogs that were open; its columns would forbid the rows of today.
    """
    cr.execute(
        "SELECT FROM information_schema.columns"
        " WHERE table_name = 'quote_change_request' AND column_name = 'reason'"
    )
    if cr.rowcount:
        cr.execute("DROP TABLE quote_change_request CASCADE")
