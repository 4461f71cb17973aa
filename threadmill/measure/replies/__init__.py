"""How well replies are rebuilt: training, evaluation, and trees with known replies."""
