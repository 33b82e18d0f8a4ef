"""From text to typed values, with problems like a good compiler's. May import steps, core and yaml. Start with load.py, then compile.py."""
