"""Running- and exercise-form checker: video in, angles, moments, findings and pictures out."""
