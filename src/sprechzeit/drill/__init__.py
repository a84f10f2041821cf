"""The drill: the leak that this product answers, played against a fresh instance of our own, step by step.

Each step does what somebody with that loot would do, and counts what opened. Every way that is tried is first tried on
something planted that it must open, so that "nothing" is never said by a tool that sees nothing.
"""
