"""Wrong implementations that the suite has to catch, and correct ones that it has to pass.

`bank.BANK` holds the wrong ones: each is one small change of a correct kernel. `correct.CORRECT` holds the correct
ones: they differ from each other in everything that the contract leaves open.
"""
