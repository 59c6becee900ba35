"""How far the numbers are from motion capture and force plates: ``python -m tests.accuracy``.

Everything after the pose finder is measured: real treadmill runners with optical markers and plates are filmed by a
virtual camera, and what comes out is held against the plates and the markers.

Source: Fukuchi R.K., Fukuchi C.A., Duarte M. (2017), "A public dataset of running biomechanics and the effects of
running speed on lower extremity kinematics and kinetics", PeerJ 5:e3298, data 10.6084/m9.figshare.4543435, CC BY 4.0.
The data are not part of this project; see ``truth.py`` for where they are looked for.
"""
