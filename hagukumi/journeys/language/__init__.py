"""From text to typed values, with problems like a good compiler's. May import steps, core, words and yaml.

Start with load.py, then compile.py.
"""
