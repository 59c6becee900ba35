"""Rendered people with exactly known joints: body, kinematics, scene, camera, truth, encoding.

World axes everywhere: X = running direction, Y = the runner's left, Z = up; the belt's surface is z = 0; metres,
seconds, degrees in names that end in ``_deg``. Only ``body`` needs torch (through anny) and only ``scene`` needs
PyVista; kinematics, camera and truth are plain NumPy.
"""
