"""What the mill costs on synthetic data, measured."""
