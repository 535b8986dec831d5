"""What the kernels cost, measured beside a yardstick in the same run."""
