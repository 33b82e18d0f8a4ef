"""What desks write down: results of calls and what follows, meetings, hand-overs, marks; and the sheet they read.

The rules stand in hagukumi/pipeline. Start with `recording.done` and `sheet.read_sheet`.
"""
