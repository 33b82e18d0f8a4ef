"""What people see of stored things: tasks, letters, a person's story. Reads tables, writes none.

Start with story.py; say.py turns reasons into sentences. May import models.tables, letters' values and words.
"""
