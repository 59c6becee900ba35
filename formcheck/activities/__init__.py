"""What people do in front of the camera: one module says what to find, its card how to film it."""
