"""Named wrong maps: each a change of the right one, with a sentence."""
