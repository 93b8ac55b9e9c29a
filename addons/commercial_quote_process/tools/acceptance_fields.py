"""What the hash of an acceptance covers, by version of the algorithm.

A row is verified by the version that it was made with. A version that was ever in use is frozen:
what it covers, and how, never changes; another set of values is another version.

>>> set(SEALED_FIELDS) == set(PERSONAL_FIELDS), HASH_VERSION in SEALED_FIELDS
(True, True)
>>> [v for v in SEALED_FIELDS if {*SEALED_FIELDS[v]} & {*PERSONAL_FIELDS[v]}]
[]
"""

HASH_VERSION = 2

# What identifies a person: the hash covers salted digests of these values, so that they can be
# erased and the chain still verifies.
PERSONAL_FIELDS = {
    1: (
        "signer_name",
        "signer_function",
        "partner_name",
        "partner_email",
        "user_login",
        "ip_address",
        "user_agent",
    ),
    2: (
        "signer_name",
        "signer_function",
        "partner_name",
        "partner_email",
        "sent_to",
        "passed_on_to",
        "view_events",
        "user_login",
        "ip_address",
        "user_agent",
        "accept_language",
        "session_hash",
    ),
}

# The other values, as they are.
SEALED_FIELDS = {
    1: (
        "order_name",
        "quote_version",
        "kind",
        "signed_at",
        "evidence_date",
        "session_hash",
        "auth_mode",
        "fingerprints",
        "fingerprint_version",
        "terms_accepted",
        "terms_version",
        "terms_hash",
        "amount_untaxed",
        "amount_total",
        "purchase_order_number",
        "signature_hash",
        "document_digests",
    ),
    2: (
        "hash_version",
        "verification_code",
        "order_id",
        "quote_root_id",
        "company_id",
        "currency_id",
        "partner_ref",
        "user_ref",
        "order_name",
        "quote_version",
        "kind",
        "signed_at",
        "evidence_date",
        "auth_mode",
        "fingerprints",
        "fingerprint_version",
        "terms_accepted",
        "terms_version",
        "terms_hash",
        "amount_untaxed",
        "amount_total",
        "chosen_options",
        "purchase_order_number",
        "language",
        "signature_hash",
        "signature_mode",
        "document_digests",
        "sent_documents",
    ),
}
