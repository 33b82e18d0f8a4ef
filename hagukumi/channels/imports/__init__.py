"""Import: lists of people, companies, deals and reactions come in by a mapping written in YAML.

May import models.tables, the pure parts and the reader libraries. Start with mapping.py, then run.py.
"""
