"""Quotes that left before there was one file per version: the one that their client has."""


def migrate(cr, version):
    """Name the file of each version: the print, else the one named after the quote, else the last.

    :param cr: cursor of the database
    :param str version: version of the addon before the update
    """
    cr.execute(
        """
        UPDATE sale_order AS quote
           SET sent_document_id = kept.id
          FROM (SELECT DISTINCT ON (document.order_id) document.order_id, document.id
                  FROM quote_sent_document AS document
                  JOIN sale_order AS owner ON owner.id = document.order_id
              ORDER BY document.order_id,
                       document.origin = 'printed' DESC,
                       position(owner.name IN document.name) > 0 DESC,
                       document.id DESC) AS kept
         WHERE kept.order_id = quote.id
           AND quote.sent_document_id IS NULL
        """
    )
