"""Erasure: what goes, what must stay, and how it stays gone after a restore. Start with plan.py, then erase.py.

Reading what we hold about somebody (export, audit) is the room `reading`.
"""
