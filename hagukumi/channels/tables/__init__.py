"""Tables of any make as columns, for learning: CSV however it is written, and Excel. Start with read.read_table.

May import channels.imports (for Excel) and models.scoring.tables; pandas is loaded inside the functions.
"""
