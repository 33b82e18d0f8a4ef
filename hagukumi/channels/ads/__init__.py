"""Audiences handed over to ad platforms: as files to upload, or by the platforms' own packages (experimental).

Start with handing.py. May use settings and credentials; what is handed over is made by hagukumi/programme.
"""
