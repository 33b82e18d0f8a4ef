"""Sentences people read, in Japanese and English, apart from the code that says them. Pure data."""
