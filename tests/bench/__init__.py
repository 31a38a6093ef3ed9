"""Benchmarks: seeded order books of four families and sizes, and the methods that are compared on them."""
