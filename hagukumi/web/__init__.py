"""The HTTP entrance: events and forms of the site, signed links, pages of material. Start with app.py.

It only puts into the inbox; the loop reads what lies there.
"""
