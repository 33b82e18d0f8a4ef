"""Whether our letters are believed: what the DNS says of the sender, and what readers and mailboxes say of the letters.

Start with `records.look` and `reputation.rest_where_complained`.
"""
