"""What the commands do, one module each, loaded only when asked for."""
