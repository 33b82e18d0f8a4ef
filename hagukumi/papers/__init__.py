"""Papers made for one account: what they say, how they print, their links and who looked at them.

Stands above reading and learning, below whatever acts upon the list of target accounts.
"""
