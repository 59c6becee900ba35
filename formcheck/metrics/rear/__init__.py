"""Running from behind or in front: what can be seen across the running direction."""
