"""Mail that comes in: what it is, whose it is, what follows. Start with `read.read_mail`.

mime → classify → threads → read; folder.py, imap.py and sendgrid.py bring mail into the inbox, poll.py asks them.
"""
