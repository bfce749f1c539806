"""Snapshots: what a newsroom takes away. One request, drawn from the data, written as a file.

`presets` and `extents` say how large a picture is and which ground it shows, `request` what is
asked for, `captions` what it says, `drawing` draws it and `files` writes it.
"""
