"""While somebody moves: what the camera sees, counted and corrected aloud.

The same analysis as of a clip, made anew of everything seen so far, so that what is said while moving is what a clip
of it would have said. Pictures are looked at and let go; nothing is kept of them but landmarks.
"""
