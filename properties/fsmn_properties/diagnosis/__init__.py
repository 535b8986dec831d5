"""What a target really computes: probes of it, named maps that it may follow, and one mistake for one reason."""
