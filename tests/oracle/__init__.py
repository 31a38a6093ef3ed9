"""A second, plain formulation of the planning problem, written from its rules alone, to catch misreadings."""
