"""One picture in, measurements and findings out; renditions and mends beside it. Plain Python, no Django.

Read `inspect.py` first: it holds the visible list of steps.
"""
