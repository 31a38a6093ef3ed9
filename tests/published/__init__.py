"""Published instances with known optima, read from the folder ``shared/bench`` beside the checkout if it is there."""
