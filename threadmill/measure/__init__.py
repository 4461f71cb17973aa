"""Benchmarks, evaluation and training: nothing here is on the path of a run."""
