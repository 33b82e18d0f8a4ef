"""The account programme at work: the list of target accounts proposed, agreed, watched and changed.

Start with `acts`. May use reading, letters and tables; the rules themselves are pure and stand in abm/.
"""
