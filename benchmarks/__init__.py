"""Speed and memory, as ratios against a named peer run on the same data in the same session."""
