"""The benchmark: loads invented practices and measures against the bare SQL of the same run."""
